package io.vitj.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vitj.model.pipeline.ImageEmbedder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vit similar}: images in the order of their likeness to one. */
@Command(
    name = "similar",
    description =
        "Ranks images by how like a query image they are to the model: the cosine of their"
            + " embeddings, 1 for the same.")
final class SimilarCommand implements Callable<Integer> {
  @ParentCommand private VitCommand vit;
  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;
  @Mixin private ImageSizeOption size;

  @Parameters(
      index = "0",
      paramLabel = "QUERY",
      description = "The image to compare with: a file, or - for standard input.")
  private String query;

  @Parameters(
      index = "1..*",
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Image files, or folders (all images below them).")
  private List<String> arguments;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Print the K most similar only (default: all).")
  private Integer topK;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: text).")
  private TableFormat format = TableFormat.TEXT;

  @Mixin private LoadOptions loading;

  /**
   * An image with its likeness.
   *
   * @param image its name
   * @param cosine of its embedding and that of the query
   */
  private record Match(String image, double cosine) {}

  @Override
  public Integer call() throws IOException {
    if (topK != null) {
      Require.atLeastOne(spec, "--top-k", topK);
    }
    ImageSource wanted = ImageFiles.single("QUERY", query, vit, spec);
    List<ImageSource> sources = ImageFiles.expand(arguments, vit);
    List<Match> matches = new ArrayList<>();
    try (ImageEmbedder embedder =
        size.pipeline(ImageEmbedder::builder, model, vit).maxBatch(loading.batch()).build()) {
      float[] target = embedder.embed(wanted.decode(loading.limits()));
      var loop =
          ImageLoop.of(
              vit,
              loading,
              pictures -> Arrays.asList(embedder.embedImages(pictures)),
              (image, vector) -> {
                if (vector != null) {
                  matches.add(new Match(image.name(), ImageEmbedder.cosine(target, vector)));
                }
              });
      int code = loop.run(sources);
      // Stable: images that are equally like the query stay in the order they were named in.
      matches.sort(Comparator.comparingDouble(Match::cosine).reversed());
      if (loop.computed() == 0) {
        return code;
      }
      print(topK == null ? matches : matches.subList(0, Math.min(topK, matches.size())));
      return code;
    }
  }

  private void print(List<Match> matches) throws IOException {
    Terminal terminal = vit.terminal();
    switch (format) {
      case TEXT ->
          matches.forEach(
              m -> {
                String cosine = String.format(Locale.ROOT, "%7.4f", m.cosine());
                terminal.out().println(terminal.green(cosine) + "  " + m.image());
              });
      case CSV -> {
        terminal.out().println("image,rank,cosine");
        for (int i = 0; i < matches.size(); i++) {
          Match m = matches.get(i);
          terminal.out().println(CsvLine.of(m.image(), i + 1, (float) m.cosine()));
        }
      }
      case JSON -> printJson(matches);
    }
  }

  private void printJson(List<Match> matches) throws IOException {
    try (JsonGenerator json = JsonOutput.generator(vit.terminal())) {
      json.writeStartArray();
      for (int i = 0; i < matches.size(); i++) {
        json.writeStartObject();
        json.writeStringField("image", matches.get(i).image());
        json.writeNumberField("rank", i + 1);
        json.writeNumberField("cosine", (float) matches.get(i).cosine());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }
}
