package io.vitj.model;

import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.image.GridResampling;
import io.vitj.tensor.kernel.Activation;

/** Builds a {@link ViTConfig}; what is not set is as in ViT-B/16 at 224 × 224. */
public final class ViTConfigBuilder {
  private int imageHeight = 224;
  private int imageWidth = 224;
  private int patch = 16;
  private int channels = 3;
  private int width = 768;
  private int depth = 12;
  private int heads = 12;
  private int mlpHidden = 3072;
  private MlpKind mlpKind = MlpKind.PLAIN;
  private boolean mlpNorm = false;
  private int classes = 1000;
  private boolean classToken = true;
  private boolean distillationToken = false;
  private int registerTokens = 0;
  private Positions positions = Positions.ALL_TOKENS;
  private boolean patchBias = true;
  private QkvBias qkvBias = QkvBias.ALL;
  private boolean attentionNorm = false;
  private RelativePositions relativePositions = null;
  private Rotary rotary = null;
  private boolean preNorm = false;
  private boolean layerScale = false;
  private Activation activation = Activation.GELU_ERF;
  private float layerNormEps = 1e-6f;
  private Pooling pooling = Pooling.TOKEN;
  private boolean finalNorm = true;
  private boolean fcNorm = false;
  private int poolerWidth = 0;
  private Activation poolerActivation = Activation.TANH;
  private boolean distilledHead = false;
  private int projectionWidth = 0;
  private int positionRows = 0;
  private int positionColumns = 0;
  private GridResampling positionResampling = GridResampling.ANTIALIASED;

  ViTConfigBuilder() {}

  ViTConfigBuilder(ViTConfig config) {
    imageHeight = config.imageHeight();
    imageWidth = config.imageWidth();
    patch = config.patch();
    channels = config.channels();
    width = config.width();
    depth = config.depth();
    heads = config.heads();
    mlpHidden = config.mlpHidden();
    mlpKind = config.mlpKind();
    mlpNorm = config.mlpNorm();
    classes = config.classes();
    classToken = config.classToken();
    distillationToken = config.distillationToken();
    registerTokens = config.registerTokens();
    positions = config.positions();
    patchBias = config.patchBias();
    qkvBias = config.qkvBias();
    attentionNorm = config.attentionNorm();
    relativePositions = config.relativePositions();
    rotary = config.rotary();
    preNorm = config.preNorm();
    layerScale = config.layerScale();
    activation = config.activation();
    layerNormEps = config.layerNormEps();
    pooling = config.pooling();
    finalNorm = config.finalNorm();
    fcNorm = config.fcNorm();
    poolerWidth = config.poolerWidth();
    poolerActivation = config.poolerActivation();
    distilledHead = config.distilledHead();
    projectionWidth = config.projectionWidth();
    positionRows = followsImage(config) ? 0 : config.positionRows();
    positionColumns = followsImage(config) ? 0 : config.positionColumns();
    positionResampling = config.positionResampling();
  }

  private static boolean followsImage(ViTConfig config) {
    return config.positionRows() == config.gridHeight()
        && config.positionColumns() == config.gridWidth();
  }

  /**
   * Sets imageHeight.
   *
   * @param value height of the input in pixels
   * @return this builder
   */
  public ViTConfigBuilder imageHeight(int value) {
    imageHeight = value;
    return this;
  }

  /**
   * Sets imageWidth.
   *
   * @param value width of the input in pixels
   * @return this builder
   */
  public ViTConfigBuilder imageWidth(int value) {
    imageWidth = value;
    return this;
  }

  /**
   * Sets a square image.
   *
   * @param side height and width of the input in pixels
   * @return this builder
   */
  public ViTConfigBuilder image(int side) {
    return imageHeight(side).imageWidth(side);
  }

  /**
   * Sets patch.
   *
   * @param value side of a square patch in pixels
   * @return this builder
   */
  public ViTConfigBuilder patch(int value) {
    patch = value;
    return this;
  }

  /**
   * Sets channels.
   *
   * @param value colour channels of the input
   * @return this builder
   */
  public ViTConfigBuilder channels(int value) {
    channels = value;
    return this;
  }

  /**
   * Sets width.
   *
   * @param value embedding width
   * @return this builder
   */
  public ViTConfigBuilder width(int value) {
    width = value;
    return this;
  }

  /**
   * Sets depth.
   *
   * @param value number of encoder blocks
   * @return this builder
   */
  public ViTConfigBuilder depth(int value) {
    depth = value;
    return this;
  }

  /**
   * Sets heads.
   *
   * @param value attention heads of a block
   * @return this builder
   */
  public ViTConfigBuilder heads(int value) {
    heads = value;
    return this;
  }

  /**
   * Sets mlpHidden.
   *
   * @param value width of the hidden layer of the MLP
   * @return this builder
   */
  public ViTConfigBuilder mlpHidden(int value) {
    mlpHidden = value;
    return this;
  }

  /**
   * Sets mlpKind.
   *
   * @param value whether the MLP has gates
   * @return this builder
   */
  public ViTConfigBuilder mlpKind(MlpKind value) {
    mlpKind = value;
    return this;
  }

  /**
   * Sets mlpNorm.
   *
   * @param value whether a layer norm precedes the last layer of the MLP
   * @return this builder
   */
  public ViTConfigBuilder mlpNorm(boolean value) {
    mlpNorm = value;
    return this;
  }

  /**
   * Sets classes.
   *
   * @param value number of classes; 0 for no head
   * @return this builder
   */
  public ViTConfigBuilder classes(int value) {
    classes = value;
    return this;
  }

  /**
   * Sets classToken.
   *
   * @param value whether a class token leads the sequence
   * @return this builder
   */
  public ViTConfigBuilder classToken(boolean value) {
    classToken = value;
    return this;
  }

  /**
   * Sets distillationToken.
   *
   * @param value whether a distillation token follows it
   * @return this builder
   */
  public ViTConfigBuilder distillationToken(boolean value) {
    distillationToken = value;
    return this;
  }

  /**
   * Sets registerTokens.
   *
   * @param value number of register tokens
   * @return this builder
   */
  public ViTConfigBuilder registerTokens(int value) {
    registerTokens = value;
    return this;
  }

  /**
   * Sets positions.
   *
   * @param value the tokens with position embeddings
   * @return this builder
   */
  public ViTConfigBuilder positions(Positions value) {
    positions = value;
    return this;
  }

  /**
   * Sets patchBias.
   *
   * @param value whether the patch projection has a bias
   * @return this builder
   */
  public ViTConfigBuilder patchBias(boolean value) {
    patchBias = value;
    return this;
  }

  /**
   * Sets qkvBias.
   *
   * @param value which of the query, key and value projections have biases
   * @return this builder
   */
  public ViTConfigBuilder qkvBias(QkvBias value) {
    qkvBias = value;
    return this;
  }

  /**
   * Sets qkvBias for all three projections.
   *
   * @param value whether they have biases
   * @return this builder
   */
  public ViTConfigBuilder qkvBias(boolean value) {
    return qkvBias(value ? QkvBias.ALL : QkvBias.NONE);
  }

  /**
   * Sets attentionNorm.
   *
   * @param value whether a layer norm precedes the output projection of attention
   * @return this builder
   */
  public ViTConfigBuilder attentionNorm(boolean value) {
    attentionNorm = value;
    return this;
  }

  /**
   * Sets relativePositions.
   *
   * @param value what attention adds for the offset between two patches; null for nothing
   * @return this builder
   */
  public ViTConfigBuilder relativePositions(RelativePositions value) {
    relativePositions = value;
    return this;
  }

  /**
   * Sets rotary.
   *
   * @param value how queries and keys are rotated; null for not at all
   * @return this builder
   */
  public ViTConfigBuilder rotary(Rotary value) {
    rotary = value;
    return this;
  }

  /**
   * Sets preNorm.
   *
   * @param value whether a layer norm precedes block 0
   * @return this builder
   */
  public ViTConfigBuilder preNorm(boolean value) {
    preNorm = value;
    return this;
  }

  /**
   * Sets layerScale.
   *
   * @param value whether residual branches are scaled
   * @return this builder
   */
  public ViTConfigBuilder layerScale(boolean value) {
    layerScale = value;
    return this;
  }

  /**
   * Sets activation.
   *
   * @param value the non-linearity of the MLP
   * @return this builder
   */
  public ViTConfigBuilder activation(Activation value) {
    activation = value;
    return this;
  }

  /**
   * Sets layerNormEps.
   *
   * @param value epsilon of every layer norm
   * @return this builder
   */
  public ViTConfigBuilder layerNormEps(float value) {
    layerNormEps = value;
    return this;
  }

  /**
   * Sets pooling.
   *
   * @param value how the sequence becomes one vector
   * @return this builder
   */
  public ViTConfigBuilder pooling(Pooling value) {
    pooling = value;
    return this;
  }

  /**
   * Sets finalNorm.
   *
   * @param value whether a layer norm follows the last block
   * @return this builder
   */
  public ViTConfigBuilder finalNorm(boolean value) {
    finalNorm = value;
    return this;
  }

  /**
   * Sets fcNorm.
   *
   * @param value whether a layer norm follows the pooling
   * @return this builder
   */
  public ViTConfigBuilder fcNorm(boolean value) {
    fcNorm = value;
    return this;
  }

  /**
   * Sets poolerWidth.
   *
   * @param value width of the pooler; 0 for none
   * @return this builder
   */
  public ViTConfigBuilder poolerWidth(int value) {
    poolerWidth = value;
    return this;
  }

  /**
   * Sets poolerActivation.
   *
   * @param value the activation of the pooler
   * @return this builder
   */
  public ViTConfigBuilder poolerActivation(Activation value) {
    poolerActivation = value;
    return this;
  }

  /**
   * Sets distilledHead.
   *
   * @param value whether the distillation token has its own head
   * @return this builder
   */
  public ViTConfigBuilder distilledHead(boolean value) {
    distilledHead = value;
    return this;
  }

  /**
   * Sets projectionWidth.
   *
   * @param value width of the projection that ends an image tower; 0 for none
   * @return this builder
   */
  public ViTConfigBuilder projectionWidth(int value) {
    projectionWidth = value;
    return this;
  }

  /**
   * Sets positionRows and positionColumns.
   *
   * @param rows rows of the patch grid that the position embeddings are stored for; 0, the default,
   *     for those of the image
   * @param columns its columns; 0 for those of the image
   * @return this builder
   */
  public ViTConfigBuilder positionGrid(int rows, int columns) {
    positionRows = rows;
    positionColumns = columns;
    return this;
  }

  /**
   * Sets positionResampling.
   *
   * @param value how position embeddings are brought to another grid
   * @return this builder
   */
  public ViTConfigBuilder positionResampling(GridResampling value) {
    positionResampling = value;
    return this;
  }

  /**
   * Makes the config.
   *
   * @return the config
   * @throws ModelException if a value is out of range or contradicts another
   */
  public ViTConfig build() {
    return new ViTConfig(
        imageHeight,
        imageWidth,
        patch,
        channels,
        width,
        depth,
        heads,
        mlpHidden,
        mlpKind,
        mlpNorm,
        classes,
        classToken,
        distillationToken,
        registerTokens,
        positions,
        patchBias,
        qkvBias,
        attentionNorm,
        relativePositions,
        rotary,
        preNorm,
        layerScale,
        activation,
        layerNormEps,
        pooling,
        finalNorm,
        fcNorm,
        poolerWidth,
        poolerActivation,
        distilledHead,
        projectionWidth,
        positionRows,
        positionColumns,
        positionResampling);
  }
}
