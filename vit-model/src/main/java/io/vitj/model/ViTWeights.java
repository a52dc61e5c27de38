package io.vitj.model;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * The weights of one model by canonical name, wherever they come from. They are produced one at a
 * time, so that whoever packs them never holds two copies of the whole model.
 */
public interface ViTWeights {
  /**
   * Returns the architecture that these weights belong to.
   *
   * @return its config; {@link ViTConfig#parameters()} lists the names and shapes
   */
  ViTConfig config();

  /**
   * Produces one parameter.
   *
   * <p>The tensor is a view of the checkpoint where its values are stored as they are asked for,
   * and a new tensor in {@code arena} otherwise (query, key and value joined, say). It is valid
   * while both that arena and these weights are open, and must not be written to.
   *
   * @param name a canonical name out of {@link ViTConfig#parameters()}
   * @param arena the owner of memory that is needed for it
   * @return the values, of any dtype, in the shape of the parameter
   * @throws ModelException if there is no such parameter, or its values cannot be used
   */
  Tensor get(String name, Arena arena);

  /**
   * Makes weights for a benchmark: seeded, with the scales of an untrained model.
   *
   * @param config the architecture
   * @param seed equal seeds make equal weights
   * @return the weights; each is made when it is asked for
   */
  static ViTWeights random(ViTConfig config, long seed) {
    return new RandomWeights(config, seed);
  }

  /**
   * Produces one parameter as a copy in single precision that outlives these weights.
   *
   * @param name a canonical name
   * @param arena the owner of the copy
   * @return the values, widened exactly
   * @throws ModelException if there is no such parameter, or its values cannot be used
   */
  default Tensor copy(String name, Arena arena) {
    try (Arena transientArena = Arena.ofConfined()) {
      Tensor source = get(name, transientArena);
      Tensor copy = Tensor.allocate(arena, source.shape());
      copy.copyFrom(source);
      return copy;
    }
  }

  /**
   * Produces the bias of the joint projection to queries, keys and values, whatever parameters it
   * is made of.
   *
   * @param attention the prefix of the block's names, such as {@code blocks.0.attn.}
   * @param arena the owner of memory that is needed for it
   * @return (3·D), zeros for what has no bias; null if nothing has one
   * @throws ModelException if values cannot be used
   */
  default Tensor qkvBias(String attention, Arena arena) {
    return switch (config().qkvBias()) {
      case NONE -> null;
      case ALL -> get(attention + "qkv.bias", arena);
      case QUERY_AND_VALUE -> {
        int width = config().width();
        Tensor bias = Tensor.allocate(arena, Shape.of(3 * width)); // zeros
        bias.slice(0, width).copyFrom(get(attention + "q_bias", arena));
        bias.slice(2 * width, width).copyFrom(get(attention + "v_bias", arena));
        yield bias;
      }
    };
  }
}
