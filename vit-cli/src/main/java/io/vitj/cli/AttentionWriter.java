package io.vitj.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vitj.cli.AttentionResult.Shown;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.draw.AttentionFigure;
import io.vitj.model.draw.ColourMap;
import io.vitj.model.draw.ContactSheet;
import io.vitj.model.draw.PngFile;
import io.vitj.model.image.ImageRegion;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import io.vitj.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Writes attention in the format that the name of the file asks for. */
enum AttentionWriter {
  /** A picture. */
  PNG {
    @Override
    void write(AttentionResult result, ColourMap colours, Path file) {
      PngFile.write(
          result.maps().size() > result.axes().tokens()
              ? sheet(result, colours)
              : figure(result, colours),
          file);
    }
  },
  /** The values (tokens, layers, heads, h, w) without axes of extent 1, but always with h and w. */
  NPY {
    @Override
    void write(AttentionResult result, ColourMap colours, Path file) {
      AttentionMap first = result.maps().getFirst().map();
      AttentionResult.Axes axes = result.axes();
      int[] dims =
          IntStream.concat(
                  IntStream.of(axes.tokens(), axes.layers(), axes.heads()).filter(n -> n > 1),
                  IntStream.of(first.height(), first.width()))
              .toArray();
      float[] values = new float[result.maps().size() * first.values().length];
      int at = 0;
      for (Shown shown : result.maps()) {
        System.arraycopy(shown.map().values(), 0, values, at, first.values().length);
        at += first.values().length;
      }
      try (NpyWriter npy =
          new NpyWriter(file, Shape.of(Arrays.copyOfRange(dims, 1, dims.length)))) {
        for (int from = 0; from < values.length; from += npy.rowLength()) {
          npy.append(Arrays.copyOfRange(values, from, from + npy.rowLength()));
        }
        npy.commit();
      }
    }
  },
  /** An object that says what each map is. */
  JSON {
    @Override
    void write(AttentionResult result, ColourMap colours, Path file) throws IOException {
      try (OutputFile out = new OutputFile(file);
          JsonGenerator json = JsonOutput.generator(out)) {
        describe(result, json);
        json.flush();
        out.commit();
      }
    }
  };

  private static final int COLUMNS = 12;
  private static final int COLUMNS_OF_ONE_LAYER = 6;

  /**
   * Chooses by the end of the name.
   *
   * @param file the file to write
   * @param command the command it was given to
   * @return the writer
   * @throws ParameterException if the name has another end
   * @throws io.vitj.model.ModelException if the file cannot be written
   */
  static AttentionWriter of(Path file, CommandSpec command) {
    String name = file.toString();
    AttentionWriter writer =
        Stream.of(values())
            .filter(w -> name.endsWith('.' + Choice.word(w)))
            .findFirst()
            .orElseThrow(
                () ->
                    new ParameterException(
                        command.commandLine(),
                        "Invalid value for option '--output': "
                            + name
                            + " is no .png, .npy or .json"));
    OutputFile.requireWritable(file);
    return writer;
  }

  /**
   * Writes.
   *
   * @param result the maps
   * @param colours the colours of a picture
   * @param file the file to make or to replace
   * @throws IOException if that fails
   */
  abstract void write(AttentionResult result, ColourMap colours, Path file) throws IOException;

  private static RgbImage figure(AttentionResult result, ColourMap colours) {
    List<AttentionFigure.Panel> panels = new ArrayList<>();
    for (Shown shown : result.maps()) {
      String title = shown.caption() + ": " + result.title();
      panels.add(new AttentionFigure.Panel(title, shown.map()));
    }
    return AttentionFigure.draw(result.photo(), panels, colours);
  }

  /** Whole layers stand in a row, as many as there is room for. */
  private static RgbImage sheet(AttentionResult result, ColourMap colours) {
    List<ContactSheet.Tile> tiles = new ArrayList<>();
    for (Shown shown : result.maps()) {
      tiles.add(new ContactSheet.Tile(shown.caption(), shown.map()));
    }
    int heads = result.axes().heads();
    int columns =
        result.axes().layers() == 1
            ? Math.min(heads, COLUMNS_OF_ONE_LAYER)
            : heads * Math.max(1, COLUMNS / heads);
    return ContactSheet.draw(result.title(), result.view(), tiles, columns, colours);
  }

  private static void describe(AttentionResult result, JsonGenerator json) throws IOException {
    AttentionMap first = result.maps().getFirst().map();
    ImageRegion region = first.region();
    json.writeStartObject();
    json.writeStringField("title", result.title());
    json.writeObjectFieldStart("region");
    json.writeNumberField("x", region.x());
    json.writeNumberField("y", region.y());
    json.writeNumberField("width", region.width());
    json.writeNumberField("height", region.height());
    json.writeEndObject();
    json.writeArrayFieldStart("maps");
    for (Shown shown : result.maps()) {
      describe(shown, json);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static void describe(Shown shown, JsonGenerator json) throws IOException {
    AttentionMap map = shown.map();
    json.writeStartObject();
    json.writeStringField("token", map.token().label());
    json.writeNumberField("layer", shown.layer());
    if (shown.head() != null) {
      json.writeNumberField("head", shown.head());
    }
    json.writeArrayFieldStart("values");
    for (int row = 0; row < map.height(); row++) {
      json.writeStartArray();
      for (int column = 0; column < map.width(); column++) {
        json.writeNumber(map.values()[row * map.width() + column]);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
