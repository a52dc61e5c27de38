package io.vitj.model;

import io.vitj.nn.AttentionPooling;
import io.vitj.nn.EncoderBlock;
import io.vitj.nn.ExecutionContext;
import io.vitj.nn.Head;
import io.vitj.nn.LayerNorm;
import io.vitj.nn.PatchEmbedding;
import io.vitj.nn.Pooling;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.TensorOps;
import io.vitj.tensor.kernel.Activation;
import java.lang.foreign.Arena;

/**
 * A Vision Transformer (Dosovitskiy et al., 2021, "An Image is Worth 16x16 Words") with its packed
 * weights. Immutable and shared by all threads; a forward pass runs in a {@link Session}.
 *
 * <p>Shapes: B images, C channels, H × W pixels, P patch side, N patches, T tokens, D width, E
 * width of the embedding, P' that of its projection.
 */
public final class VisionTransformer {
  private static final Pooling DISTILLATION_TOKEN = new Pooling.Token(1);

  private final ViTConfig config;
  private final PatchEmbedding patchEmbedding;
  private final SequenceStart start; // for any input size
  private final Tensor sequenceStart; // (T, D): prefix tokens and positions
  private final LayerNorm preNorm;
  private final PatchPositions patchPositions; // for any input size
  private final EncoderBlock[] blocks;
  private final LayerNorm norm;
  private final AttentionPooling probe;
  private final Pooling pooling;
  private final LayerNorm poolNorm;
  private final Head pooler;
  private final Head projection;
  private final Head head;
  private final Head distillationHead;

  private VisionTransformer(ViTConfig c, LayerFactory layers) {
    config = c;
    patchEmbedding = layers.patchEmbedding();
    start = layers.sequenceStart();
    sequenceStart = start.at(c);
    preNorm = c.preNorm() ? layers.norm("norm_pre") : null;
    patchPositions = layers.patchPositions();
    EncoderBlock[] unplaced = new EncoderBlock[c.depth()];
    for (int i = 0; i < unplaced.length; i++) {
      unplaced[i] = layers.block(i);
    }
    blocks = patchPositions.place(unplaced, c);
    norm = c.finalNorm() ? layers.norm("norm") : null;
    probe = c.pooling() == ViTConfig.Pooling.ATTENTION ? layers.attentionPooling() : null;
    pooling = pooling(c, probe);
    poolNorm = c.fcNorm() ? layers.norm("fc_norm") : null;
    pooler = c.poolerWidth() > 0 ? layers.head("pooler.dense", true, c.poolerActivation()) : null;
    projection = c.projectionWidth() > 0 ? layers.head("projection", false, Activation.NONE) : null;
    head = c.classes() > 0 ? layers.head("head", true, Activation.NONE) : null;
    distillationHead = c.distilledHead() ? layers.head("head_dist", true, Activation.NONE) : null;
  }

  /** The same weights, as far as the config has them, at another input size or pooling. */
  private VisionTransformer(VisionTransformer shared, ViTConfig c) {
    config = c;
    patchEmbedding = shared.patchEmbedding;
    start = shared.start;
    sequenceStart = start.at(c);
    preNorm = shared.preNorm;
    patchPositions = shared.patchPositions;
    blocks = patchPositions.place(shared.blocks, c);
    norm = shared.norm;
    probe = shared.probe;
    pooling = pooling(c, probe);
    poolNorm = c.fcNorm() ? shared.poolNorm : null;
    pooler = c.poolerWidth() > 0 ? shared.pooler : null;
    projection = c.projectionWidth() > 0 ? shared.projection : null;
    head = c.classes() > 0 ? shared.head : null;
    distillationHead = c.distilledHead() ? shared.distillationHead : null;
  }

  private static Pooling pooling(ViTConfig config, AttentionPooling probe) {
    return switch (config.pooling()) {
      case ATTENTION -> {
        if (probe == null) {
          throw new ModelException("pooling by attention needs a probe, which this model lacks");
        }
        yield probe;
      }
      case NONE -> null;
      case TOKEN -> new Pooling.Token(0);
      case AVG -> new Pooling.Mean(config.prefixTokens());
      case TOKEN_AND_AVG -> new Pooling.TokenAndMean(config.prefixTokens());
    };
  }

  /**
   * Packs a model.
   *
   * @param weights the weights; not needed afterwards
   * @param arena the owner of the packed weights; while the model is in use it must be open, and
   *     accessible to all threads
   * @return the model
   * @throws ModelException if a weight is missing or cannot be used
   */
  public static VisionTransformer of(ViTWeights weights, Arena arena) {
    return of(weights, arena, PackedParts.MADE);
  }

  /**
   * Puts a model together of parts that may be packed already.
   *
   * @param weights the weights, asked only for what the parts ask to be made
   * @param arena the owner of what is made
   * @param parts the parts; they must live as long as the model
   * @return the model
   * @throws ModelException if a part or weight is missing or cannot be used
   */
  public static VisionTransformer of(ViTWeights weights, Arena arena, PackedParts parts) {
    return new VisionTransformer(weights.config(), new LayerFactory(weights, arena, parts));
  }

  /**
   * Makes a model that ends in an embedding: the same encoder, final norm and norm after the
   * pooling (as far as it has them), with this pooling, without pooler, projection and classifier.
   * The weights are shared.
   *
   * @param to the pooling
   * @return the model; {@link Session#preLogits()} are its embeddings
   * @throws ModelException if this model has no class token or no probe to pool with
   */
  public VisionTransformer embedder(ViTConfig.Pooling to) {
    return new VisionTransformer(
        this,
        config.toBuilder()
            .pooling(to)
            .poolerWidth(0)
            .projectionWidth(0)
            .classes(0)
            .distilledHead(false)
            .build());
  }

  /**
   * Makes the same model for another input size. Learned positions are resampled by the rule of the
   * model's family ({@link ViTConfig#positionResampling()}, {@link
   * RelativePositions#resampling()}), always from those of the checkpoint; all packed weights are
   * shared.
   *
   * @param height height of the input in pixels
   * @param width width of the input in pixels
   * @return the model; this one if it has that size
   * @throws ModelException if the patch does not divide a side
   */
  public VisionTransformer at(int height, int width) {
    return height == config.imageHeight() && width == config.imageWidth()
        ? this
        : new VisionTransformer(this, config.at(height, width));
  }

  /**
   * Returns the architecture.
   *
   * @return its config
   */
  public ViTConfig config() {
    return config;
  }

  /**
   * Returns how many tokens of an image are read after the last block, if nobody looks at the
   * sequence.
   *
   * @return the first Q: those that are pooled alone, else all
   */
  int tokensRead() {
    if (pooling instanceof Pooling.Token) {
      return distillationHead == null ? 1 : 2;
    }
    return config.tokens();
  }

  /**
   * One forward pass, from {@link Activations#pixels} to the outputs.
   *
   * @param all what runs for all tokens
   * @param read what runs for the tokens in {@link Activations#read}
   */
  void forward(ExecutionContext all, ExecutionContext read, Activations a) {
    embed(all, a); // x: (B, T, D)
    all.observeEmbeddings(a.x);
    int last = blocks.length - 1;
    for (int i = 0; i < last; i++) {
      blocks[i].forward(all, a.x); // (B, T, D)
      all.observeBlock(i, a.x);
    }
    blocks[last].forward(all, a.x, read, a.read); // (B, Q, D)
    all.observeBlock(last, a.read);
    normalise(read, norm, a.read); // (B, Q, D)
    if (pooling != null) {
      pool(read, a); // (B, D)
      classify(read, a); // (B, classes)
    }
  }

  /** Applies the norm after the last block, if there is one, to x: (…, D). */
  void normalise(ExecutionContext context, Tensor x) {
    normalise(context, norm, x);
  }

  private void embed(ExecutionContext context, Activations a) {
    patchEmbedding.patchify(context, a.pixels, a.columns); // (B, N, C·P·P)
    for (int b = 0; b < a.images.length; b++) {
      a.images[b].copyFrom(sequenceStart); // (T, D)
      patchEmbedding.addTo(context, a.imageColumns[b], a.imagePatches[b]); // (N, D)
    }
    normalise(context, preNorm, a.x); // (B, T, D)
  }

  private void pool(ExecutionContext context, Activations a) {
    pooling.forward(context, a.read, a.pooled); // (B, D)
    normalise(context, poolNorm, a.pooled); // (B, D)
    if (distillationHead != null) {
      DISTILLATION_TOKEN.forward(context, a.read, a.distilled); // (B, D)
    }
  }

  private void classify(ExecutionContext context, Activations a) {
    if (pooler != null) {
      pooler.forward(context, a.pooled, a.embedding); // (B, E)
    }
    if (projection != null) {
      projection.forward(context, a.embedding, a.projected); // (B, P')
    }
    if (distillationHead != null) {
      head.forward(context, a.embedding, a.classLogits); // (B, classes)
      distillationHead.forward(context, a.distilled, a.distillationLogits); // (B, classes)
      mean(context, a.embedding, a.distilled, a.preLogits); // (B, E)
      mean(context, a.classLogits, a.distillationLogits, a.logits); // (B, classes)
    } else if (head != null) {
      head.forward(context, a.embedding, a.logits); // (B, classes)
    }
  }

  private static void normalise(ExecutionContext context, LayerNorm normOrNull, Tensor x) {
    if (normOrNull != null) {
      normOrNull.forward(context, x, x);
    }
  }

  private static void mean(ExecutionContext context, Tensor a, Tensor b, Tensor y) {
    TensorOps ops = context.ops();
    y.copyFrom(a);
    ops.add(b, y);
    ops.scale(y, 0.5f, y); // (a + b)/2
  }
}
