package io.vitj.tensor.kernel;

import java.util.Locale;
import jdk.incubator.vector.FloatVector;

/**
 * Chooses the kernels once for the life of the JVM. The result is a constant to the compiler, so a
 * call through {@link Kernels} costs nothing.
 *
 * <p>System properties: {@code vitj.kernels} = {@code auto} (default), {@code vector} or {@code
 * scalar}; {@code vitj.simd.bits} = 128, 256 or 512 (default: the widest the processor prefers).
 * {@code auto} takes the vector kernels when the module {@code jdk.incubator.vector} is there and
 * the processor has vectors of at least 128 bits, else the scalar ones. A forced choice that cannot
 * be had fails.
 *
 * <p>Classes of the incubator module are mentioned only inside methods that run where it is there:
 * the JVM loads them no earlier.
 */
public final class KernelProvider {
  /** Names the kernels: auto, vector or scalar. */
  public static final String KERNELS_PROPERTY = "vitj.kernels";

  /** Names the vector width in bits. */
  public static final String BITS_PROPERTY = "vitj.simd.bits";

  private static final System.Logger LOG = System.getLogger("io.vitj.tensor");
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final Kernels KERNELS = choose();

  private KernelProvider() {}

  /**
   * Returns the chosen kernels.
   *
   * @return always the same
   */
  public static Kernels kernels() {
    return KERNELS;
  }

  /**
   * Describes the choice.
   *
   * @return for example {@code vector 512-bit}
   */
  public static String description() {
    return KERNELS.name() + ' ' + KERNELS.bits() + "-bit";
  }

  private static Kernels choose() {
    String wish = System.getProperty(KERNELS_PROPERTY, "auto").toLowerCase(Locale.ROOT);
    Kernels kernels =
        switch (wish) {
          case "scalar" -> new ScalarKernels();
          case "vector" -> vector();
          case "auto" -> vectorOrScalar();
          default ->
              throw new IllegalArgumentException(
                  "-D" + KERNELS_PROPERTY + '=' + wish + " is unknown: use auto, vector or scalar");
        };
    LOG.log(System.Logger.Level.DEBUG, "kernels: {0} {1}-bit", kernels.name(), kernels.bits());
    return kernels;
  }

  private static Kernels vectorOrScalar() {
    if (!vectorIsThere()) {
      return fallBack("add --add-modules " + VECTOR_MODULE + " to the java command");
    }
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return bits < 128 ? fallBack("vectors have only " + bits + " bits here, not 128") : vector();
  }

  private static boolean vectorIsThere() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  private static Kernels vector() {
    if (!vectorIsThere()) {
      throw new IllegalStateException(
          "-D"
              + KERNELS_PROPERTY
              + "=vector needs the module "
              + VECTOR_MODULE
              + ": add --add-modules "
              + VECTOR_MODULE
              + " to the java command");
    }
    return new VectorKernels();
  }

  private static Kernels fallBack(String reason) {
    LOG.log(
        System.Logger.Level.WARNING,
        "vitj runs on its scalar kernels, many times slower: " + reason);
    return new ScalarKernels();
  }
}
