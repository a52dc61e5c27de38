package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a class in a JVM of its own: with the Java and the class path of this one. */
public final class ForkedJvm {
  private ForkedJvm() {}

  /**
   * What came of it.
   *
   * @param status the exit status
   * @param output the standard output
   * @param errors the error output
   */
  public record Result(int status, String output, String errors) {}

  /**
   * Returns the options that choose the kernels of this JVM.
   *
   * @return options for {@link #run}
   */
  public static List<String> kernelOptions() {
    Kernels kernels = KernelProvider.kernels();
    String choice = "-D" + KernelProvider.KERNELS_PROPERTY + '=' + kernels.name();
    String bits = "-D" + KernelProvider.BITS_PROPERTY + '=' + kernels.bits();
    return List.of("--add-modules", "jdk.incubator.vector", choice, bits);
  }

  /**
   * Runs the main method of a class with exactly these options.
   *
   * @param folder for temporary files
   * @param main the class
   * @param options options of the JVM
   * @return what came of it
   */
  public static Result run(Path folder, Class<?> main, String... options)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    // A JVM that finds options there says so on the error output.
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process =
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
  }
}
