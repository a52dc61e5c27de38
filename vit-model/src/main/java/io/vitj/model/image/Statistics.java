package io.vitj.model.image;

/** The means and deviations of pixel values in [0, 1] that models are commonly trained with. */
public enum Statistics {
  /** Maps [0, 1] to [−1, 1]. */
  HALF,
  /** OpenAI's training set for CLIP. */
  CLIP,
  /** ImageNet-1k. */
  IMAGENET;

  /**
   * Returns the means.
   *
   * @return red, green, blue
   */
  public double[] mean() {
    return switch (this) {
      case HALF -> new double[] {0.5, 0.5, 0.5};
      case CLIP -> new double[] {0.48145466, 0.4578275, 0.40821073};
      case IMAGENET -> new double[] {0.485, 0.456, 0.406};
    };
  }

  /**
   * Returns the standard deviations.
   *
   * @return red, green, blue
   */
  public double[] std() {
    return switch (this) {
      case HALF -> new double[] {0.5, 0.5, 0.5};
      case CLIP -> new double[] {0.26862954, 0.26130258, 0.27577711};
      case IMAGENET -> new double[] {0.229, 0.224, 0.225};
    };
  }
}
