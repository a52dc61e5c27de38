package io.vitj.bench.kernel;

import io.vitj.bench.ModelSize;
import io.vitj.bench.Work;
import io.vitj.model.ViTConfig;

/** The matrix products of an encoder block: (rows, inputs) · (inputs, outputs). */
public enum GemmShape {
  /** Queries, keys and values of Ti/16. */
  TI16_QKV(ModelSize.TI16, Layer.QKV),
  /** Output projection of Ti/16. */
  TI16_PROJ(ModelSize.TI16, Layer.PROJ),
  /** First layer of the MLP of Ti/16. */
  TI16_FC1(ModelSize.TI16, Layer.FC1),
  /** Second layer of the MLP of Ti/16. */
  TI16_FC2(ModelSize.TI16, Layer.FC2),
  /** Queries, keys and values of S/16. */
  S16_QKV(ModelSize.S16, Layer.QKV),
  /** Output projection of S/16. */
  S16_PROJ(ModelSize.S16, Layer.PROJ),
  /** First layer of the MLP of S/16. */
  S16_FC1(ModelSize.S16, Layer.FC1),
  /** Second layer of the MLP of S/16. */
  S16_FC2(ModelSize.S16, Layer.FC2),
  /** Queries, keys and values of B/16. */
  B16_QKV(ModelSize.B16, Layer.QKV),
  /** Output projection of B/16. */
  B16_PROJ(ModelSize.B16, Layer.PROJ),
  /** First layer of the MLP of B/16. */
  B16_FC1(ModelSize.B16, Layer.FC1),
  /** Second layer of the MLP of B/16. */
  B16_FC2(ModelSize.B16, Layer.FC2),
  /** Queries, keys and values of L/16. */
  L16_QKV(ModelSize.L16, Layer.QKV),
  /** Output projection of L/16. */
  L16_PROJ(ModelSize.L16, Layer.PROJ),
  /** First layer of the MLP of L/16. */
  L16_FC1(ModelSize.L16, Layer.FC1),
  /** Second layer of the MLP of L/16. */
  L16_FC2(ModelSize.L16, Layer.FC2);

  private enum Layer {
    QKV,
    PROJ,
    FC1,
    FC2
  }

  private final ModelSize size;
  private final Layer layer;
  private final int inputs;
  private final int outputs;

  GemmShape(ModelSize size, Layer layer) {
    this.size = size;
    this.layer = layer;
    ViTConfig config = size.config();
    inputs = layer == Layer.FC2 ? config.mlpHidden() : config.width();
    outputs =
        switch (layer) {
          case QKV -> 3 * config.width();
          case PROJ, FC2 -> config.width();
          case FC1 -> config.mlpHidden();
        };
  }

  /**
   * Returns the encoder.
   *
   * @return the model that the matrices belong to
   */
  public ModelSize size() {
    return size;
  }

  /**
   * Names model and layer.
   *
   * @return such as {@code B/16 FC1}
   */
  public String label() {
    return size.label() + ' ' + layer;
  }

  /**
   * Returns the inner dimension K.
   *
   * @return columns of the left side
   */
  public int inputs() {
    return inputs;
  }

  /**
   * Returns the outer dimension N of the constant side.
   *
   * @return columns of the product
   */
  public int outputs() {
    return outputs;
  }

  /**
   * Counts the work of a product.
   *
   * @param rows M: tokens of an image times images
   * @return 2·M·N·K floating-point operations, and each matrix once through memory
   */
  public Work work(int rows) {
    long products = (long) rows * inputs * outputs;
    long floats = (long) rows * inputs + (long) inputs * outputs + (long) rows * outputs;
    return new Work(2 * products, Float.BYTES * floats, inputs);
  }
}
