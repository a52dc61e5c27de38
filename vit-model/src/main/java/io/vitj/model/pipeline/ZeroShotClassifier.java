package io.vitj.model.pipeline;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Session;
import io.vitj.model.Similarity;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Makes an {@link ImageClassifier} from a CLIP or SigLIP and the names of any classes (Radford et
 * al., 2021, section 3.1): an image belongs to the class whose name, put into a sentence, has the
 * embedding most like its own. The sentences are embedded once.
 *
 * <pre>{@code
 * ImageClassifier classifier =
 *     ZeroShotClassifier.builder(Path.of("clip-vit-base-patch32"))
 *         .labels(List.of("cat", "dog"))
 *         .template("a photo of a {}.")
 *         .build();
 * }</pre>
 *
 * <p>The scores of a CLIP are a softmax over the classes, those of a SigLIP a sigmoid for each; the
 * logits are scale · cosine + bias, as the model has learned them.
 */
public final class ZeroShotClassifier {
  private static final String PLACE = "{}";

  private ZeroShotClassifier() {}

  /**
   * Starts with a model and default settings.
   *
   * @param model its directory: a full CLIP or SigLIP with its tokenizer
   * @return a builder
   */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /** Settings of a classifier. */
  public static final class Builder extends PipelineBuilder<Builder> {
    private List<String> labels = List.of();
    private String template = PLACE;

    private Builder(Path model) {
      super(model);
    }

    /**
     * Names the classes.
     *
     * @param names what images may show
     * @return this builder
     */
    public Builder labels(List<String> names) {
      labels = List.copyOf(names);
      return this;
    }

    /**
     * Sets the sentence that a label is put into.
     *
     * @param sentence any text with {@code {}} in place of the label, which alone is the default
     * @return this builder
     * @throws ModelException if it has no such place
     */
    public Builder template(String sentence) {
      Objects.requireNonNull(sentence, "template");
      if (!sentence.contains(PLACE)) {
        throw new ModelException(
            "the template " + ModelException.quote(sentence) + " has no {} for the label");
      }
      template = sentence;
      return this;
    }

    /**
     * Loads the model and embeds the labels.
     *
     * @return the classifier
     * @throws ModelException if the model cannot be loaded or has no text tower, or there is no
     *     label
     */
    public ImageClassifier build() {
      if (labels.isEmpty()) {
        throw new ModelException(model() + ": name at least one label");
      }
      Similarity similarity;
      float[][] texts;
      try (TextEmbedder embedder = text()) {
        similarity = embedder.similarity();
        texts = embedder.embedAll(labels.stream().map(l -> template.replace(PLACE, l)).toList());
      }
      UnaryOperator<float[]> head = image -> logits(image, texts, similarity);
      return build(
          Session.Detail.RESULT,
          ModelBundle::model,
          (pipeline, bundle) ->
              new ImageClassifier(
                  pipeline, labels, Session::embedding, head, similarity.sigmoid()));
    }

    private TextEmbedder text() {
      return copyTo(TextEmbedder.builder(model())).normalize(true).build();
    }

    private static float[] logits(float[] image, float[][] texts, Similarity similarity) {
      Vectors.normalize(image);
      float[] logits = new float[texts.length];
      for (int i = 0; i < texts.length; i++) {
        logits[i] = similarity.logit(Vectors.dot(image, texts[i]));
      }
      return logits;
    }
  }
}
