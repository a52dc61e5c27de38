package io.vitj.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vitj.model.pipeline.Classification;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Prints the predictions of one image after the other in the format of the whole output. */
interface ClassificationWriter extends AutoCloseable {
  /**
   * Prints the predictions of an image.
   *
   * @param image its name
   * @param predictions the best classes, best first
   * @throws IOException if that fails
   */
  void write(String image, List<Classification> predictions) throws IOException;

  /**
   * Completes the output.
   *
   * @throws IOException if that fails
   */
  default void commit() throws IOException {}

  @Override
  default void close() throws IOException {}

  /**
   * For people: a heading and one line a class.
   *
   * @param terminal where to print
   */
  record Text(Terminal terminal) implements ClassificationWriter {
    @Override
    public void write(String image, List<Classification> predictions) {
      terminal.out().println(terminal.bold(image));
      for (Classification p : predictions) {
        String percent = String.format(Locale.ROOT, "%6.2f %%", 100 * p.score());
        terminal.out().println(terminal.green(percent) + "  " + p.label());
      }
    }
  }

  /**
   * One record a class.
   *
   * @param terminal where to print
   */
  record Csv(Terminal terminal) implements ClassificationWriter {
    /** Prints the header. */
    public Csv {
      terminal.out().println("image,rank,index,label,score,logit");
    }

    @Override
    public void write(String image, List<Classification> predictions) {
      int rank = 1;
      for (Classification p : predictions) {
        terminal
            .out()
            .println(CsvLine.of(image, rank++, p.index(), p.label(), p.score(), p.logit()));
      }
    }
  }

  /**
   * An array with one object an image.
   *
   * @param json where to print
   */
  record Json(JsonGenerator json) implements ClassificationWriter {
    /**
     * Begins the array.
     *
     * @param terminal where to print
     * @return the writer
     * @throws IOException if that fails
     */
    static Json to(Terminal terminal) throws IOException {
      JsonGenerator json = JsonOutput.generator(terminal);
      json.writeStartArray();
      return new Json(json);
    }

    @Override
    public void write(String image, List<Classification> predictions) throws IOException {
      json.writeStartObject();
      json.writeStringField("image", image);
      json.writeArrayFieldStart("predictions");
      for (Classification p : predictions) {
        json.writeStartObject();
        json.writeNumberField("index", p.index());
        json.writeStringField("label", p.label());
        json.writeNumberField("score", p.score());
        json.writeNumberField("logit", p.logit());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }

    @Override
    public void commit() throws IOException {
      json.writeEndArray();
      json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
      json.close();
    }
  }
}
