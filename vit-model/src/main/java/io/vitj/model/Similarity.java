package io.vitj.model;

/**
 * How alike an image and a text are to a model that knows both.
 *
 * @param scale the factor exp(s) with s learned
 * @param bias a learned summand; 0 in CLIP
 * @param sigmoid whether pairs are scored each for itself, by a sigmoid of the logit (SigLIP), or
 *     the texts of an image against one another, by a softmax (CLIP)
 */
public record Similarity(float scale, float bias, boolean sigmoid) {
  /**
   * Computes the logit of a pair.
   *
   * @param cosine the cosine of image and text embedding
   * @return scale · cosine + bias
   */
  public float logit(double cosine) {
    return (float) (scale * cosine + bias);
  }
}
