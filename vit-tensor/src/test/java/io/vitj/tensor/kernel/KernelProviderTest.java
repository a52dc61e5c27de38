package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of kernels is made once per JVM, so each test starts one. */
class KernelProviderTest {
  private static final String MODULE = "jdk.incubator.vector";
  private static final int PREFERRED = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  @TempDir Path folder;

  /** What the started JVM runs: prints the kernels and a sum computed by them. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      Area x = Area.vector(1, 1, 2, 3);
      KernelProvider.kernels().add(x.segment, x.offset, x.segment, x.offset, 3);
      System.out.println(KernelProvider.description() + ": " + x.get(0, 2));
    }
  }

  @Test
  void autoWithoutTheModuleRunsScalarKernelsAndSaysOnceWhatToAdd() throws Exception {
    ForkedJvm.Result result = run();
    assertThat(result.output()).isEqualToIgnoringNewLines("scalar 32-bit: 6.0");
    assertThat(result.errors()).containsOnlyOnce("--add-modules " + MODULE);
    assertThat(result.errors()).containsOnlyOnce("WARNING").containsOnlyOnce("scalar");
    assertThat(result.status()).isZero();
  }

  @Test
  void autoWithTheModuleTakesTheWidestVectors() throws Exception {
    ForkedJvm.Result result = run("--add-modules", MODULE);
    assertThat(result.output())
        .isEqualToIgnoringNewLines("vector " + Math.min(PREFERRED, 512) + "-bit: 6.0");
    assertThat(result.errors()).doesNotContain("scalar");
  }

  @Test
  void autoOnAProcessorWithShortVectorsRunsScalarKernels() throws Exception {
    ForkedJvm.Result result = run("--add-modules", MODULE, "-XX:MaxVectorSize=8");
    assertThat(result.output()).isEqualToIgnoringNewLines("scalar 32-bit: 6.0");
    assertThat(result.errors()).containsPattern("scalar kernels.*64 bits");
    assertThat(result.errors()).doesNotContain("--add-modules");
  }

  @Test
  void scalarNeedsNoModuleAndWarnsOfNothing() throws Exception {
    ForkedJvm.Result result = run("-Dvitj.kernels=scalar");
    assertThat(result.output()).isEqualToIgnoringNewLines("scalar 32-bit: 6.0");
    assertThat(result.errors()).isEmpty();
  }

  @Test
  void aWidthIsKept() throws Exception {
    ForkedJvm.Result result =
        run("--add-modules", MODULE, "-Dvitj.kernels=vector", "-Dvitj.simd.bits=128");
    assertThat(result.output()).isEqualToIgnoringNewLines("vector 128-bit: 6.0");
  }

  @Test
  void vectorWithoutTheModuleFails() throws Exception {
    assertFails("vitj.kernels=vector.*--add-modules " + MODULE, "-Dvitj.kernels=vector");
  }

  @Test
  void aWidthBeyondTheProcessorFails() throws Exception {
    assertFails(
        "512 bits.*128.*-Dvitj.simd.bits=128",
        "--add-modules",
        MODULE,
        "-XX:MaxVectorSize=16",
        "-Dvitj.simd.bits=512");
  }

  @Test
  void unknownKernelsFail() throws Exception {
    assertFails("vitj.kernels=cuda.*auto, vector or scalar", "-Dvitj.kernels=cuda");
  }

  @Test
  void unknownWidthsFail() throws Exception {
    for (String bits : new String[] {"64", "wide", ""}) {
      assertFails(
          "vitj.simd.bits=" + Pattern.quote(bits) + ".*128, 256 or 512",
          "--add-modules",
          MODULE,
          "-Dvitj.simd.bits=" + bits);
    }
  }

  private void assertFails(String pattern, String... options) throws Exception {
    ForkedJvm.Result result = run(options);
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors()).containsPattern(pattern);
  }

  private ForkedJvm.Result run(String... options) throws Exception {
    return ForkedJvm.run(folder, Probe.class, options);
  }
}
