package io.vitj.cli;

import io.vitj.model.pipeline.ImageClassifier;
import io.vitj.model.pipeline.ZeroShotClassifier;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vit classify}: the most likely classes of images. */
@Command(name = "classify", description = "Names what images show.")
final class ClassifyCommand implements Callable<Integer> {
  private static final int DEFAULT_TOP_K = 5;

  @ParentCommand private VitCommand vit;
  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;
  @Mixin private ImageSizeOption size;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Classes per image (default: " + DEFAULT_TOP_K + ", or all of fewer).")
  private Integer topK;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: text).")
  private TableFormat format = TableFormat.TEXT;

  @Mixin private LabelOptions labels;
  @Mixin private ImageOptions images;

  @Override
  public Integer call() throws IOException {
    if (topK != null) {
      Require.atLeastOne(spec, "--top-k", topK);
    }
    List<String> names = labels.labels();
    String template = labels.template();
    List<ImageSource> sources = images.sources(vit);
    LoadOptions loading = images.loading();
    try (ImageClassifier classifier =
        names.isEmpty() ? classifier(loading) : zeroShot(loading, names, template)) {
      int classes = classifier.labels().size();
      int k = topK == null ? Math.min(DEFAULT_TOP_K, classes) : topK;
      Require.that(k <= classes, spec, "--top-k", k, "is more than the " + classes + " classes");
      try (ClassificationWriter writer = writer()) {
        int code =
            ImageLoop.of(
                    vit,
                    loading,
                    pictures -> classifier.classifyImages(pictures, k),
                    (image, predictions) -> {
                      if (predictions != null) {
                        writer.write(image.name(), predictions);
                      }
                    })
                .run(sources);
        writer.commit();
        return code;
      }
    }
  }

  private ImageClassifier classifier(LoadOptions loading) {
    return size.pipeline(ImageClassifier::builder, model, vit).maxBatch(loading.batch()).build();
  }

  private ImageClassifier zeroShot(LoadOptions loading, List<String> names, String template) {
    return size.pipeline(ZeroShotClassifier::builder, model, vit)
        .labels(names)
        .template(template)
        .maxBatch(loading.batch())
        .build();
  }

  private ClassificationWriter writer() throws IOException {
    return switch (format) {
      case TEXT -> new ClassificationWriter.Text(vit.terminal());
      case CSV -> new ClassificationWriter.Csv(vit.terminal());
      case JSON -> ClassificationWriter.Json.to(vit.terminal());
    };
  }
}
