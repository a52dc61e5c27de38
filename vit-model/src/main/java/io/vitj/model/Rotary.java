package io.vitj.model;

/**
 * Rotary position embeddings for a grid of patches (Su et al., 2021; in two dimensions Fang et al.,
 * 2023, EVA-02): each head is made of planes, and queries and keys are turned in plane j by the
 * angle position · frequency. The first half of the planes takes the row of the patch, the second
 * half its column, each with the frequencies j = 0 … dh/4 − 1.
 *
 * @param coordinates what the position of a patch is
 * @param temperature the base of the frequencies
 * @param referenceRows with {@link Coordinates#INDEX}, the grid of pre-training, which other grids
 *     are scaled to; 0 for no scaling
 * @param referenceColumns its columns; 0 for no scaling
 * @param interleaved whether plane j is made of the elements 2j and 2j + 1 of a head; otherwise of
 *     j and j + dh/2
 */
public record Rotary(
    Coordinates coordinates,
    float temperature,
    int referenceRows,
    int referenceColumns,
    boolean interleaved) {

  /** What the position of a patch is. */
  public enum Coordinates {
    /**
     * Its index, with frequencies temperature^(−4j/dh).
     *
     * <p>Source: timm {@code layers/pos_embed_sincos.py}, {@code RotaryEmbeddingCat}.
     */
    INDEX,
    /**
     * Its centre, with the sides of the image at −1 and 1, and frequencies 2π·temperature^(−4j/dh).
     *
     * <p>Source: DINOv3 (Siméoni et al., 2025); timm {@code RotaryEmbeddingDinoV3}.
     */
    CENTRE
  }

  /**
   * Validates.
   *
   * @throws ModelException if the temperature or the reference cannot be
   */
  public Rotary {
    if (!(temperature > 0 && Float.isFinite(temperature))) {
      throw new ModelException(
          "the temperature of rotary positions must be positive, not " + temperature);
    }
    if (referenceRows < 0 || referenceColumns < 0) {
      throw new ModelException(
          "rotary positions refer to a grid of %d x %d, which there is not"
              .formatted(referenceRows, referenceColumns));
    }
  }

  /**
   * Computes cosines and sines for every patch, in single precision as the libraries do.
   *
   * @param rows of the patch grid
   * @param columns of the patch grid
   * @param headWidth dh, which 4 divides
   * @return (rows · columns, dh): dh/2 cosines and dh/2 sines for each patch
   */
  public float[] angles(int rows, int columns, int headWidth) {
    int bands = headWidth / 4;
    float[] table = new float[Math.multiplyExact(rows * columns, headWidth)];
    for (int patch = 0; patch < rows * columns; patch++) {
      float y = position(patch / columns, rows, referenceRows);
      float x = position(patch % columns, columns, referenceColumns);
      for (int plane = 0; plane < 2 * bands; plane++) {
        float angle = (plane < bands ? y : x) * frequency(plane % bands, bands);
        table[patch * headWidth + plane] = (float) Math.cos(angle);
        table[patch * headWidth + 2 * bands + plane] = (float) Math.sin(angle);
      }
    }
    return table;
  }

  private float position(int index, int extent, int reference) {
    return switch (coordinates) {
      case INDEX -> reference == 0 ? index : (float) index / extent * reference;
      case CENTRE -> (float) (2 * Math.PI) * (2 * ((index + 0.5f) / extent) - 1);
    };
  }

  private float frequency(int band, int bands) {
    return 1 / (float) Math.pow(temperature, (float) band / bands);
  }
}
