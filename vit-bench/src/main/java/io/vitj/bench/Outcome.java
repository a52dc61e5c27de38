package io.vitj.bench;

import io.vitj.tensor.Tensor;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Writes what a benchmark computed into the directory that the system property {@value #DIRECTORY}
 * names, so that a test can compare providers; without it, nothing is written.
 */
final class Outcome {
  static final String DIRECTORY = "vitj.bench.outcomes";

  private Outcome() {}

  static void write(BenchmarkParams benchmark, long roundings, Tensor output) {
    String directory = System.getProperty(DIRECTORY);
    if (directory == null) {
      return;
    }
    float[] values = output.toFloats();
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(Path.of(directory, benchmark.id())))) {
      out.writeLong(roundings);
      out.writeInt(values.length);
      for (float value : values) {
        out.writeFloat(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
