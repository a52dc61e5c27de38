package io.vitj.model;

import io.vitj.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A text tower, which brings texts into the space of an image tower (Radford et al., 2021, CLIP;
 * Zhai et al., 2023, SigLIP).
 *
 * @param encoder its blocks, positions, last norm and projection: those of a ViT over a grid of T ×
 *     1 patches, each of which is a token; it has no patch embedding, and pools one token
 * @param vocabulary the number of token embeddings V
 * @param causal whether a token sees only those before it
 * @param pooling which token stands for the text
 * @param endToken the id that {@link Pooling#END_TOKEN} looks for
 * @param sigmoid whether pairs are scored each for itself, by a sigmoid with a learned bias
 *     (SigLIP), or against one another, by a softmax (CLIP)
 */
public record TextConfig(
    ViTConfig encoder,
    int vocabulary,
    boolean causal,
    Pooling pooling,
    int endToken,
    boolean sigmoid) {
  private static final int MAX_VOCABULARY = 1 << 24;

  /** Which token stands for a text. */
  public enum Pooling {
    /** The first that has the id of the end token. */
    END_TOKEN,
    /** The first with the largest id: CLIP gave its end token the last id of the vocabulary. */
    LARGEST_ID,
    /** The last of the context. */
    LAST
  }

  /**
   * Validates.
   *
   * @throws ModelException if a value is out of range
   */
  public TextConfig {
    if (encoder == null) {
      throw new ModelException("a text tower needs an encoder");
    }
    if (vocabulary < 1 || vocabulary > MAX_VOCABULARY) {
      throw new ModelException(
          "the vocabulary must have 1 to " + MAX_VOCABULARY + " tokens, not " + vocabulary);
    }
  }

  /**
   * Returns the number of tokens that a text may have.
   *
   * @return the context length T
   */
  public int contextLength() {
    return encoder.tokens();
  }

  /**
   * Returns the length of a text's embedding.
   *
   * @return E
   */
  public int embeddingWidth() {
    return encoder.projectionWidth() > 0 ? encoder.projectionWidth() : encoder.embeddingWidth();
  }

  /**
   * Lists the parameters: {@code token_embed.weight}, those of the encoder, {@code logit_scale} and
   * {@code logit_bias}.
   *
   * @return canonical names and shapes
   */
  public List<Parameter> parameters() {
    List<Parameter> list = new ArrayList<>();
    list.add(new Parameter("token_embed.weight", Shape.of(vocabulary, encoder.width())));
    for (Parameter parameter : encoder.parameters()) {
      if (!parameter.name().startsWith("patch_embed.")) {
        list.add(parameter);
      }
    }
    list.add(new Parameter("logit_scale", sigmoid ? Shape.of(1) : Shape.of()));
    if (sigmoid) {
      list.add(new Parameter("logit_bias", Shape.of(1)));
    }
    return list;
  }

  /**
   * Returns how many tokens of some texts must be computed.
   *
   * @param step what the number is rounded up to a multiple of
   * @param ids for each text the ids of its tokens
   * @return all, or in a causal model as many as reach to the last token that stands for its text
   */
  public int tokensRead(int step, int[]... ids) {
    if (!causal) {
      return contextLength();
    }
    int last = 0;
    for (int[] text : ids) {
      last = Math.max(last, pooledToken(text));
    }
    return Math.min((last / step + 1) * step, contextLength());
  }

  /**
   * Finds the token that stands for a text.
   *
   * @param ids the ids of its tokens
   * @return an index
   */
  int pooledToken(int... ids) {
    if (pooling == Pooling.LAST) {
      return ids.length - 1;
    }
    int found = 0; // also where there is no end token, as in the reference
    for (int i = 0; i < ids.length; i++) {
      if (pooling == Pooling.END_TOKEN ? ids[i] == endToken : ids[i] > ids[found]) {
        found = i;
        if (pooling == Pooling.END_TOKEN) {
          break;
        }
      }
    }
    return found;
  }
}
