package io.vitj.model;

import io.vitj.model.image.GridResampling;
import io.vitj.tensor.kernel.Activation;
import java.util.List;

/**
 * Everything that distinguishes one Vision Transformer encoder from another (Dosovitskiy et al.,
 * 2021, and its descendants). The weights it asks for are {@link #parameters()}, named as in timm.
 *
 * <p>The token sequence is [class, distillation, registers…, patches…], as far as each is present.
 *
 * @param imageHeight height of the input in pixels
 * @param imageWidth width of the input in pixels
 * @param patch side P of a square patch in pixels; what it leaves over at the right and at the
 *     bottom of the image is not seen (SigLIP cuts 384 pixels into 27 patches of 14)
 * @param channels colour channels C of the input
 * @param width embedding width D
 * @param depth number of encoder blocks
 * @param heads attention heads of a block; they divide the width
 * @param mlpHidden width of the hidden layer of the MLP
 * @param mlpKind whether the MLP has gates
 * @param mlpNorm whether a layer norm precedes the last layer of the MLP (EVA-02)
 * @param classes number of classes of the head; 0 for no head
 * @param classToken whether a learned class token leads the sequence
 * @param distillationToken whether a learned distillation token follows the class token (DeiT)
 * @param registerTokens number of learned register tokens (Darcet et al., 2024)
 * @param positions the tokens that learned absolute position embeddings are added to
 * @param patchBias whether the patch projection has a bias
 * @param qkvBias which of the query, key and value projections have biases
 * @param attentionNorm whether a layer norm precedes the output projection of attention (EVA-02)
 * @param relativePositions what attention adds to its scores for the offset between two patches
 *     (BEiT); null for nothing
 * @param rotary how queries and keys are rotated by the position of their patch (EVA-02, DINOv3);
 *     null for not at all
 * @param preNorm whether a layer norm precedes block 0 (CLIP)
 * @param layerScale whether each residual branch is scaled by a learned vector (CaiT)
 * @param activation the non-linearity of the MLP
 * @param layerNormEps ε of every layer norm
 * @param pooling how the token sequence becomes one vector
 * @param finalNorm whether a layer norm follows the last block
 * @param fcNorm whether a layer norm follows the pooling
 * @param poolerWidth width of a dense layer after the pooling (Hugging Face's pooler); 0 for none
 * @param poolerActivation the activation of that layer
 * @param distilledHead whether the distillation token has a head of its own; the logits are then
 *     the mean of the two heads
 * @param projectionWidth width of the linear map without bias that ends an image tower (CLIP); 0
 *     for none
 * @param positionRows rows of the patch grid that the position embeddings are stored for; 0 stands
 *     for those of the image
 * @param positionColumns columns of that grid; 0 stands for those of the image
 * @param positionResampling how they are brought to the grid of the image, where it is another
 */
public record ViTConfig(
    int imageHeight,
    int imageWidth,
    int patch,
    int channels,
    int width,
    int depth,
    int heads,
    int mlpHidden,
    MlpKind mlpKind,
    boolean mlpNorm,
    int classes,
    boolean classToken,
    boolean distillationToken,
    int registerTokens,
    Positions positions,
    boolean patchBias,
    QkvBias qkvBias,
    boolean attentionNorm,
    RelativePositions relativePositions,
    Rotary rotary,
    boolean preNorm,
    boolean layerScale,
    Activation activation,
    float layerNormEps,
    Pooling pooling,
    boolean finalNorm,
    boolean fcNorm,
    int poolerWidth,
    Activation poolerActivation,
    boolean distilledHead,
    int projectionWidth,
    int positionRows,
    int positionColumns,
    GridResampling positionResampling) {

  /** No extent of a plausible model is larger; products of two extents fit a {@code long}. */
  private static final int MAX_SIZE = 1 << 20;

  /** No plausible model is deeper; it bounds the lists that a hostile config can cause. */
  private static final int MAX_DEPTH = 4096;

  /** The tokens that learned absolute position embeddings are added to. */
  public enum Positions {
    /** None: there are no absolute position embeddings. */
    NONE,
    /** The patches only; prefix tokens are joined afterwards. */
    PATCHES_ONLY,
    /** The class and distillation tokens and the patches; registers are put in afterwards. */
    ALL_BUT_REGISTERS,
    /** The prefix tokens and the patches. */
    ALL_TOKENS
  }

  /** The gates of the MLP. */
  public enum MlpKind {
    /** None: two layers with a non-linearity between them. */
    PLAIN,
    /** SwiGLU; gates and values are made by one layer, {@code fc1}, the gates first. */
    SWIGLU,
    /**
     * SwiGLU; gates and values are made by layers of their own, {@code fc1_g} and {@code fc1_x}.
     */
    SWIGLU_APART
  }

  /** The projections to queries, keys and values that have biases. */
  public enum QkvBias {
    /** None of them. */
    NONE,
    /** Those to queries and values: a bias of the keys would not change the attention. */
    QUERY_AND_VALUE,
    /** All of them. */
    ALL
  }

  /** How the token sequence becomes one vector. */
  public enum Pooling {
    /** It does not: the output is the sequence. */
    NONE,
    /** The first token. */
    TOKEN,
    /** The mean of the patch tokens. */
    AVG,
    /** The first token and the mean of the patch tokens, side by side. */
    TOKEN_AND_AVG,
    /** Attention to all tokens from a learned probe (SigLIP). */
    ATTENTION
  }

  /**
   * Validates.
   *
   * @throws ModelException if a value is out of range or contradicts another
   */
  public ViTConfig {
    requireRange("image height", imageHeight, 1, MAX_SIZE);
    requireRange("image width", imageWidth, 1, MAX_SIZE);
    requireRange("patch size", patch, 1, MAX_SIZE);
    requireRange("channels", channels, 1, MAX_SIZE);
    requireRange("width", width, 1, MAX_SIZE);
    requireRange("depth", depth, 1, MAX_DEPTH);
    requireRange("heads", heads, 1, MAX_SIZE);
    requireRange("MLP hidden width", mlpHidden, 1, MAX_SIZE);
    requireRange("classes", classes, 0, MAX_SIZE);
    requireRange("register tokens", registerTokens, 0, MAX_SIZE);
    requireRange("pooler width", poolerWidth, 0, MAX_SIZE);
    requireRange("projection width", projectionWidth, 0, MAX_SIZE);
    requireRange("position rows", positionRows, 0, MAX_SIZE);
    requireRange("position columns", positionColumns, 0, MAX_SIZE);
    require(
        imageHeight >= patch && imageWidth >= patch,
        "the image must not be smaller than a patch: patch %d, image %d x %d",
        patch,
        imageHeight,
        imageWidth);
    require(
        (long) (imageHeight / patch) * (imageWidth / patch) <= MAX_SIZE,
        "an image of %d x %d has more than %d patches of %d x %d",
        imageHeight,
        imageWidth,
        MAX_SIZE,
        patch,
        patch);
    require(
        width % heads == 0, "the heads must divide the width: heads %d, width %d", heads, width);
    require(
        rotary == null || width / heads % 4 == 0,
        "rotary positions need heads of a width that 4 divides: heads %d, width %d",
        heads,
        width);
    require(
        pooling != Pooling.ATTENTION || !(classToken || distillationToken || registerTokens > 0),
        "pooling by attention takes patches alone, but this config has other tokens");
    require(
        relativePositions == null || (classToken && !distillationToken && registerTokens == 0),
        "relative positions need a class token as the only token before the patches");
    require(
        layerNormEps > 0 && layerNormEps < 1,
        "the layer norm epsilon must lie between 0 and 1, not %s",
        layerNormEps);
    positionRows = positionRows == 0 ? imageHeight / patch : positionRows;
    positionColumns = positionColumns == 0 ? imageWidth / patch : positionColumns;
    require(
        (long) positionRows * positionColumns <= MAX_SIZE,
        "there are more than %d positions in a grid of %d x %d",
        MAX_SIZE,
        positionRows,
        positionColumns);
    require(
        (pooling != Pooling.TOKEN && pooling != Pooling.TOKEN_AND_AVG) || classToken,
        "pooling by token needs a class token, which this config lacks");
    require(
        !distillationToken || classToken,
        "a distillation token needs a class token before it, which this config lacks");
    require(
        !distilledHead || (distillationToken && classes > 0),
        "a distilled head needs a distillation token and classes: token %s, classes %d",
        distillationToken,
        classes);
    require(
        classes == 0 || pooling != Pooling.NONE,
        "a head for %d classes needs pooling, but pooling is NONE",
        classes);
    require(
        projectionWidth == 0 || (pooling != Pooling.NONE && classes == 0),
        "a projection to %d needs pooling and no head: pooling %s, classes %d",
        projectionWidth,
        pooling,
        classes);
    require(
        pooling != Pooling.TOKEN_AND_AVG || (!fcNorm && !distilledHead),
        "two vectors side by side take no norm after the pooling and no second head");
  }

  private static void requireRange(String what, int value, int min, int max) {
    require(value >= min && value <= max, "%s must lie in %d to %d, not %d", what, min, max, value);
  }

  private static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new ModelException(String.format(message, values));
    }
  }

  /**
   * Starts from ViT-B/16 at 224 × 224 with 1000 classes.
   *
   * @return a builder
   */
  public static ViTConfigBuilder builder() {
    return new ViTConfigBuilder();
  }

  /**
   * Starts from this config.
   *
   * @return a builder with all values of this config
   */
  public ViTConfigBuilder toBuilder() {
    return new ViTConfigBuilder(this);
  }

  /**
   * Returns the rows of the patch grid.
   *
   * @return image height / patch, rounded down
   */
  public int gridHeight() {
    return imageHeight / patch;
  }

  /**
   * Returns the columns of the patch grid.
   *
   * @return image width / patch, rounded down
   */
  public int gridWidth() {
    return imageWidth / patch;
  }

  /**
   * Returns the number of patch tokens.
   *
   * @return N
   */
  public int patches() {
    return Math.multiplyExact(gridHeight(), gridWidth());
  }

  /**
   * Returns the number of tokens before the patches: class, distillation and registers.
   *
   * @return the index of the first patch token
   */
  public int prefixTokens() {
    return (classToken ? 1 : 0) + (distillationToken ? 1 : 0) + registerTokens;
  }

  /**
   * Returns the length of the token sequence.
   *
   * @return T
   */
  public int tokens() {
    return prefixTokens() + patches();
  }

  /**
   * Returns the number of position embeddings.
   *
   * @return the rows of {@code pos_embed}; 0 without position embeddings
   */
  public int positionCount() {
    return positions == Positions.NONE
        ? 0
        : positionedPrefixTokens() + positionRows * positionColumns;
  }

  /**
   * Returns the number of tokens before the patches that have a position embedding: the first ones.
   *
   * @return at most {@link #prefixTokens()}
   */
  public int positionedPrefixTokens() {
    return switch (positions) {
      case NONE, PATCHES_ONLY -> 0;
      case ALL_BUT_REGISTERS -> prefixTokens() - registerTokens;
      case ALL_TOKENS -> prefixTokens();
    };
  }

  /**
   * Returns the config of the same weights for another input size: learned positions are resampled
   * to its grid.
   *
   * @param height height of the input in pixels
   * @param width width of the input in pixels
   * @return a config with the same {@link #parameters()}
   * @throws ModelException if the patch does not divide a side
   */
  public ViTConfig at(int height, int width) {
    if (height == imageHeight && width == imageWidth) {
      return this;
    }
    require(
        height % patch == 0 && width % patch == 0,
        "the patch size must divide the image: patch %d, image %d x %d",
        patch,
        height,
        width);
    return toBuilder()
        .imageHeight(height)
        .imageWidth(width)
        .positionGrid(positionRows, positionColumns)
        .build();
  }

  /**
   * Returns the width of one attention head.
   *
   * @return width / heads
   */
  public int headWidth() {
    return width / heads;
  }

  /**
   * Returns the width of what the pooling makes.
   *
   * @return the width of a pooled vector
   */
  public int pooledWidth() {
    return pooling == Pooling.TOKEN_AND_AVG ? 2 * width : width;
  }

  /**
   * Returns the width of what the pooling and the pooler make, the input of the head.
   *
   * @return the width of an embedding
   */
  public int embeddingWidth() {
    return poolerWidth > 0 ? poolerWidth : pooledWidth();
  }

  /**
   * Lists the parameters of this architecture.
   *
   * @return canonical names and shapes, in the order of the computation
   */
  public List<Parameter> parameters() {
    return ViTParameters.of(this);
  }

  /**
   * Counts the parameters.
   *
   * @return the number of scalars in all {@link #parameters()}
   */
  public long parameterCount() {
    return parameters().stream().mapToLong(p -> p.shape().elements()).sum();
  }

  /**
   * Counts the multiply-adds of the MLP of a block.
   *
   * @return those of one token
   */
  long mlpMultiplyAdds() {
    return (mlpKind == MlpKind.PLAIN ? 2L : 3L) * width * mlpHidden;
  }

  /**
   * Counts the floating-point operations of one image: 2 for each multiply-add of the matrix
   * products (patch projection, QKV, attention scores and sums, output projection, MLP, pooler,
   * projection, heads). Biases, norms, activations and softmax are not counted.
   *
   * <p>2 · (N·C·P²·D + depth · (4·T·D² + 2·T²·D + 2·T·D·M) + pooling + pooler + projection +
   * heads), with M the hidden width of the MLP, and 3·T·D·M where it has gates.
   *
   * @return the operations of a forward pass at batch 1
   */
  public long flops() {
    long t = tokens();
    long d = width;
    long embedding = (long) patches() * channels * patch * patch * d;
    long block = 4 * t * d * d + 2 * t * t * d + t * mlpMultiplyAdds();
    long probe = 2 * t * d * d + 2 * t * d + d * d + 2 * d * mlpHidden;
    long head =
        (pooling == Pooling.ATTENTION ? probe : 0)
            + (long) pooledWidth() * poolerWidth
            + (long) embeddingWidth() * projectionWidth
            + (long) embeddingWidth() * classes * (distilledHead ? 2 : 1);
    return 2 * (embedding + depth * block + head);
  }
}
