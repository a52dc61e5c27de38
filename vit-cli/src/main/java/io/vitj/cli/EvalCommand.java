package io.vitj.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.Classification;
import io.vitj.model.pipeline.ImageClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vit eval}: how often a model is right on labelled images. */
@Command(name = "eval", description = "Counts right answers on labelled images.")
final class EvalCommand implements Callable<Integer> {
  private static final int TOP = 5;

  @ParentCommand private VitCommand vit;
  @Mixin private ModelOption model;
  @Mixin private ImageSizeOption size;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR|ZIP",
      description = "One folder per class, named by label or class index.")
  private Path data;

  @Mixin private LoadOptions loading;

  @Option(names = "--per-class", description = "Count for each class too.")
  private boolean perClass;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: text).")
  private OutputFormat format = OutputFormat.TEXT;

  @Override
  public Integer call() throws IOException {
    try (ImageClassifier classifier =
        size.pipeline(ImageClassifier::builder, model, vit).maxBatch(loading.batch()).build()) {
      List<String> labels = classifier.labels();
      Score score = new Score(labels.size());
      int k = Math.min(TOP, labels.size());
      var loop =
          new ImageLoop<LabelledImage, RgbImage, List<Classification>>(
              vit,
              loading,
              LabelledImage::image,
              Function.identity(),
              pictures -> classifier.classifyImages(pictures, k),
              (image, predictions) -> {
                if (predictions != null) {
                  score.add(image.classIndex(), predictions);
                }
              });
      int code;
      try (LabelledImages images = LabelledImages.open(data, new ClassNames(labels))) {
        code = loop.run(images.images());
      }
      switch (format) {
        case TEXT -> printText(score, labels, loop);
        case JSON -> printJson(score, labels, loop);
      }
      return code;
    }
  }

  private void printText(Score score, List<String> labels, ImageLoop<?, ?, ?> loop) {
    Terminal terminal = vit.terminal();
    if (perClass) {
      TextTable table = new TextTable("rlrrr").row("class", "label", "images", "top-1", "top-5");
      for (int i : score.classesSeen()) {
        Score.Tally t = score.of(i);
        table.row(
            String.valueOf(i),
            labels.get(i),
            String.valueOf(t.images()),
            percent(t.top1(), t),
            percent(t.top5(), t));
      }
      List<String> lines = table.lines();
      terminal.out().println(terminal.bold(lines.getFirst()));
      lines.stream().skip(1).forEach(terminal.out()::println);
      terminal.out().println();
    }
    Score.Tally all = score.total();
    TextTable table = new TextTable("lrl");
    table.row("images", String.valueOf(all.images()), "");
    table.row("top-1", String.valueOf(all.top1()), percent(all.top1(), all));
    table.row("top-5", String.valueOf(all.top5()), percent(all.top5(), all));
    table.row(
        "speed", String.format(Locale.ROOT, "%.1f", loop.computed() / loop.seconds()), "images/s");
    table.lines().forEach(terminal.out()::println);
  }

  private static String percent(int right, Score.Tally of) {
    return String.format(Locale.ROOT, "%.2f %%", 100.0 * right / Math.max(1, of.images()));
  }

  private void printJson(Score score, List<String> labels, ImageLoop<?, ?, ?> loop) {
    ObjectNode json = counts(JsonOutput.object(), score.total());
    json.put("failed", loop.leftOut());
    json.put("seconds", loop.seconds());
    json.put("images_per_second", loop.computed() / loop.seconds());
    if (perClass) {
      ArrayNode classes = json.putArray("classes");
      for (int i : score.classesSeen()) {
        counts(classes.addObject().put("index", i).put("label", labels.get(i)), score.of(i));
      }
    }
    JsonOutput.print(vit.terminal(), json);
  }

  private static ObjectNode counts(ObjectNode json, Score.Tally tally) {
    return json.put("images", tally.images()).put("top1", tally.top1()).put("top5", tally.top5());
  }
}
