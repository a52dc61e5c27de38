package io.vitj.model;

import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Seeded weights with the scales of timm's initialisation: matrices, tokens and positions from a
 * normal distribution of standard deviation 0.02 cut at two deviations, biases 0, norms 1. Layer
 * scales are 0.1, where timm starts near 0, so that every block matters.
 *
 * <p>Each parameter has its own stream of random numbers, so the order of the calls is immaterial.
 */
final class RandomWeights implements ViTWeights {
  private static final double DEVIATION = 0.02;
  private static final float LAYER_SCALE = 0.1f;

  /** Standard deviations beyond which a value is drawn again. */
  private static final double CUT = 2;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ViTConfig config;
  private final long seed;
  private final Map<String, Parameter> parameters = new HashMap<>();

  RandomWeights(ViTConfig config, long seed) {
    this.config = config;
    this.seed = seed;
    config.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
  }

  @Override
  public ViTConfig config() {
    return config;
  }

  @Override
  public Tensor get(String name, Arena arena) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new ModelException("this architecture has no parameter " + ModelException.quote(name));
    }
    Tensor tensor = Tensor.allocate(arena, parameter.shape());
    if (parameter.shape().rank() > 1) {
      // String.hashCode is specified, so the weights are the same on every Java.
      fillNormal(tensor, new SplittableRandom(seed * 31 + name.hashCode()));
    } else if (name.endsWith(".gamma")) {
      fill(tensor, LAYER_SCALE);
    } else if (name.endsWith(".weight")) {
      fill(tensor, 1);
    }
    return tensor;
  }

  private static void fillNormal(Tensor tensor, SplittableRandom random) {
    for (long i = 0; i < tensor.shape().elements(); i++) {
      double value = random.nextGaussian();
      while (Math.abs(value) > CUT) {
        value = random.nextGaussian();
      }
      tensor
          .segment()
          .set(FLOAT, tensor.byteOffset() + i * Float.BYTES, (float) (DEVIATION * value));
    }
  }

  private static void fill(Tensor tensor, float value) {
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.segment().set(FLOAT, tensor.byteOffset() + i * Float.BYTES, value);
    }
  }
}
