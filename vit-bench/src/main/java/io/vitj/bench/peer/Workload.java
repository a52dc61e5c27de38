package io.vitj.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SplittableRandom;

/** What engines are compared on, with seeded random weights and inputs. */
sealed interface Workload permits ModelWorkload, GemmWorkload {
  /** Seeds weights and inputs. */
  long SEED = 42;

  /** The name in reports. */
  String label();

  Job.Kind kind();

  /** The pixels of a side of an image. */
  int pixels();

  /** The floating-point operations of a batch, 2 for each multiply-add of the definition. */
  long flops(int batch);

  /** The bytes of operands and result, each moved once, in float32; 0 where that says nothing. */
  long bytes(int batch);

  /** Writes the weights into a directory. */
  void writeWeights(Path directory) throws IOException;

  /**
   * Writes what the engines of a job want beside the weights, which are written: input and graphs.
   */
  void writeInput(Job job, Collection<EngineKind> engines) throws IOException;

  /** Normal values, the same for the same count. */
  static float[] normal(int count, double deviation) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
