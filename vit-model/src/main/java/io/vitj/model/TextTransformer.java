package io.vitj.model;

import io.vitj.nn.EncoderBlock;
import io.vitj.nn.ExecutionContext;
import io.vitj.nn.Head;
import io.vitj.nn.LayerNorm;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The text tower of a CLIP or SigLIP with its packed weights: token and position embeddings, the
 * blocks of a ViT, and a projection of the token that stands for the text. Immutable and shared by
 * all threads; a forward pass runs in a {@link TextSession}.
 *
 * <p>Shapes: B texts, T tokens, D width, V tokens of the vocabulary, E width of the embedding.
 */
public final class TextTransformer {
  private final TextConfig config;
  private final Similarity similarity;
  private final Tensor tokenEmbedding; // (V, D)
  private final Tensor positions; // (T, D)
  private final EncoderBlock[] blocks;
  private final LayerNorm norm;
  private final Head projection;

  private TextTransformer(TextConfig c, ViTWeights weights, Arena arena, PackedParts parts) {
    LayerFactory layers = new LayerFactory(weights, arena, parts);
    config = c;
    similarity =
        new Similarity(
            (float) Math.exp(number(weights, "logit_scale", arena, parts)),
            c.sigmoid() ? number(weights, "logit_bias", arena, parts) : 0,
            c.sigmoid());
    String embedding = "token_embed.weight";
    tokenEmbedding =
        parts.tensor(
            embedding,
            Shape.of(c.vocabulary(), c.encoder().width()),
            () -> weights.copy(embedding, arena));
    positions = layers.sequenceStart().at(c.encoder());
    blocks = new EncoderBlock[c.encoder().depth()];
    for (int i = 0; i < blocks.length; i++) {
      EncoderBlock block = layers.block(i);
      blocks[i] = c.causal() ? block.causal() : block;
    }
    norm = layers.norm("norm");
    projection =
        c.encoder().projectionWidth() > 0
            ? layers.head("projection", false, Activation.NONE)
            : layers.head("pooler.dense", true, Activation.NONE);
  }

  private static float number(ViTWeights weights, String name, Arena arena, PackedParts parts) {
    Shape one = Shape.of(1);
    return parts.tensor(name, one, () -> weights.copy(name, arena).reshape(one)).toFloats()[0];
  }

  /**
   * Packs a model.
   *
   * @param config the architecture
   * @param weights values for all of its {@link TextConfig#parameters()}; not needed afterwards
   * @param arena the owner of the packed weights; while the model is in use it must be open, and
   *     accessible to all threads
   * @return the model
   * @throws ModelException if a weight is missing or cannot be used
   */
  public static TextTransformer of(TextConfig config, ViTWeights weights, Arena arena) {
    return of(config, weights, arena, PackedParts.MADE);
  }

  /**
   * Puts a model together of parts that may be packed already.
   *
   * @param config the architecture
   * @param weights values for what the parts ask to be made
   * @param arena the owner of what is made
   * @param parts the parts; they must live as long as the model
   * @return the model
   * @throws ModelException if a part or weight is missing or cannot be used
   */
  public static TextTransformer of(
      TextConfig config, ViTWeights weights, Arena arena, PackedParts parts) {
    return new TextTransformer(config, weights, arena, parts);
  }

  /**
   * Returns the architecture.
   *
   * @return its config
   */
  public TextConfig config() {
    return config;
  }

  /**
   * Returns how embeddings of images and texts are compared.
   *
   * @return what the model has learned about it
   */
  public Similarity similarity() {
    return similarity;
  }

  /**
   * One forward pass.
   *
   * @param context what it runs on
   * @param ids for each text the ids of its first T' ≤ T tokens, all in the vocabulary
   * @param x (B, T', D)
   * @param pooled (B, D)
   * @param embeddings (B, E), the result
   */
  void forward(ExecutionContext context, int[][] ids, Tensor x, Tensor pooled, Tensor embeddings) {
    embed(context, ids, x); // (B, T', D)
    for (EncoderBlock block : blocks) {
      block.forward(context, x); // (B, T', D)
    }
    for (int b = 0; b < ids.length; b++) {
      int token = config.pooledToken(ids[b]);
      copyRow(x, (long) b * ids[b].length + token, pooled, b);
    }
    norm.forward(context, pooled, pooled); // (B, D)
    projection.forward(context, pooled, embeddings); // (B, E)
  }

  private void embed(ExecutionContext context, int[][] ids, Tensor x) {
    int tokens = ids[0].length;
    for (int b = 0; b < ids.length; b++) {
      for (int t = 0; t < tokens; t++) {
        copyRow(tokenEmbedding, ids[b][t], x, (long) b * tokens + t);
      }
    }
    context.ops().add(positions.slice(0, tokens), x); // (T', D) to each text
  }

  private static void copyRow(Tensor from, long row, Tensor to, long target) {
    long bytes = (long) from.shape().dim(-1) * Float.BYTES;
    MemorySegment.copy(
        from.segment(),
        from.byteOffset() + row * bytes,
        to.segment(),
        to.byteOffset() + target * bytes,
        bytes);
  }
}
