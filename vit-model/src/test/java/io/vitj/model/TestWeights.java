package io.vitj.model;

import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Random;

/**
 * Seeded weights under which every layer matters: matrices keep the magnitude of their input, norms
 * and layer scales differ from 1, biases from 0, tokens and positions count.
 *
 * @param config the architecture
 * @param seed equal seeds make equal weights
 */
record TestWeights(ViTConfig config, long seed) implements ViTWeights {
  @Override
  public Tensor get(String name, Arena arena) {
    Parameter parameter =
        config.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    Random random = new Random(seed + name.hashCode());
    float[] values = new float[Math.toIntExact(parameter.shape().elements())];
    double mean = 0;
    double deviation = 0.5; // tokens, positions
    if (parameter.shape().rank() == 1) {
      mean = name.endsWith(".bias") ? 0 : 0.8;
      deviation = 0.2;
    } else if (name.endsWith(".weight")) {
      deviation = 1.2 / Math.sqrt((double) values.length / parameter.shape().dim(0));
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return Tensor.of(arena, parameter.shape(), values);
  }

  /** Normal pixel values of some images. */
  static float[] pixels(ViTConfig config, int images, long seed) {
    Random random = new Random(seed);
    float[] values =
        new float[images * config.channels() * config.imageHeight() * config.imageWidth()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
