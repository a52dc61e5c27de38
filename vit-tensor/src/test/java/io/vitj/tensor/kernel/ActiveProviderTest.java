package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/**
 * Proves which kernels the other tests of this JVM run on. The build runs it with {@code auto},
 * with {@code scalar} and with {@code vector} at each width, so a build that passes has used SIMD.
 */
class ActiveProviderTest {
  private static final int PREFERRED = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  @Test
  void isTheOneAskedFor() {
    String kernels = System.getProperty(KernelProvider.KERNELS_PROPERTY, "auto");
    int bits = Integer.getInteger(KernelProvider.BITS_PROPERTY, Math.min(PREFERRED, 512));
    if (kernels.equals("scalar")) {
      assertThat(KernelProvider.description()).isEqualTo("scalar 32-bit");
    } else if (bits <= PREFERRED) {
      assertThat(KernelProvider.description()).isEqualTo("vector " + bits + "-bit");
    } else {
      assertThatThrownBy(KernelProvider::kernels)
          .rootCause()
          .hasMessageContainingAll(String.valueOf(bits), String.valueOf(PREFERRED));
    }
  }
}
