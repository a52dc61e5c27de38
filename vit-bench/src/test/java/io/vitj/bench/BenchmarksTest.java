package io.vitj.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every benchmark once at the sizes of Ti/16, through JMH: in one JVM on the kernels that this
 * processor gets and in another on the scalar ones, which are the specification. What they compute
 * must agree.
 */
class BenchmarksTest {
  private static final List<String> PARAMETERS =
      List.of(
          "threads=2",
          "size=TI16",
          "shape=TI16_QKV,TI16_FC2",
          "rows=197",
          "batch=1,2",
          "epilogue=BIAS,GELU,RESIDUAL");

  /** Unit roundoff of float. */
  private static final double U = 0x1p-24;

  /** What is allowed in standard deviations, since rounding errors are not quite independent. */
  private static final double DEVIATIONS = 8;

  @TempDir private Path directory;

  private static final class Values {
    private final long roundings;
    private final float[] values;

    private Values(long roundings, float[] values) {
      this.roundings = roundings;
      this.values = values;
    }

    static Values read(Path file) throws IOException {
      try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
        long roundings = in.readLong();
        float[] values = new float[in.readInt()];
        for (int i = 0; i < values.length; i++) {
          values[i] = in.readFloat();
        }
        return new Values(roundings, values);
      }
    }

    double rootMeanSquare() {
      double squares = 0;
      for (float value : values) {
        squares += (double) value * value;
      }
      return Math.sqrt(squares / values.length);
    }
  }

  @Test
  void agreeWithTheScalarReference() throws Exception {
    SortedMap<String, Values> actual = runAll("vector");
    SortedMap<String, Values> expected = runAll("scalar");

    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    assertThat(allBenchmarks())
        .isNotEmpty()
        .allMatch(name -> actual.keySet().stream().anyMatch(run -> run.startsWith(name)));
    for (String run : actual.keySet()) {
      assertClose(run, actual.get(run), expected.get(run));
    }
  }

  private static List<String> allBenchmarks() {
    OutputFormat format = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return BenchmarkList.defaultList().getAll(format, List.of()).stream()
        .map(BenchmarkListEntry::getUsername)
        .toList();
  }

  /** Runs all benchmarks in a new JVM. Returns what each run of one computed. */
  private SortedMap<String, Values> runAll(String kernels) throws Exception {
    Path outcomes = Files.createDirectory(directory.resolve(kernels));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Djmh.ignoreLock=true"));
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow"));
    command.add("-D" + Outcome.DIRECTORY + '=' + outcomes);
    command.addAll(new Provider(kernels, null).jvmArgs());
    command.addAll(List.of("org.openjdk.jmh.Main", "-foe", "true"));
    // one operation, in that JVM itself
    command.addAll(List.of("-bm", "ss", "-f", "0", "-wi", "0", "-i", "1"));
    PARAMETERS.forEach(parameter -> Collections.addAll(command, "-p", parameter));
    File log = directory.resolve(kernels + ".log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command);
    // no argument: Launcher says why
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectErrorStream(true).redirectOutput(log).start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    assertThat(ended && process.exitValue() == 0).as(Files.readString(log.toPath())).isTrue();

    SortedMap<String, Values> values = new TreeMap<>();
    try (Stream<Path> files = Files.list(outcomes)) {
      for (Path file : files.toList()) {
        values.put(file.getFileName().toString(), Values.read(file));
      }
    }
    return values;
  }

  /**
   * After n roundings of independent errors in ±U, relative to values of one magnitude, each side
   * is off by √n·U at most in standard deviation, the difference of both by √2 times as much.
   */
  private static void assertClose(String run, Values actual, Values expected) {
    double deviation = U * Math.sqrt(2.0 * actual.roundings) * expected.rootMeanSquare();
    assertThat(actual.values.length).as(run).isEqualTo(expected.values.length);
    for (int i = 0; i < actual.values.length; i++) {
      assertThat((double) actual.values[i])
          .as("%s, element %d", run, i)
          .isCloseTo(expected.values[i], within(DEVIATIONS * deviation));
    }
  }
}
