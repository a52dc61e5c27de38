package io.vitj.bench;

import com.sun.management.OperatingSystemMXBean;
import io.vitj.tensor.kernel.KernelProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where something was measured, without names or paths of the machine.
 *
 * @param processor its model
 * @param cores the cores that the JVM may use
 * @param memoryGib physical memory
 * @param system operating system
 * @param jdk version of the JVM
 * @param jvmOptions what the JVM was started with
 * @param kernels the provider that is chosen when none is asked for
 */
public record Machine(
    String processor,
    int cores,
    long memoryGib,
    String system,
    String jdk,
    List<String> jvmOptions,
    String kernels) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /**
   * Looks at the machine that this runs on.
   *
   * @return the machine
   */
  public static Machine current() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        processorModel(),
        Runtime.getRuntime().availableProcessors(),
        Math.round(system.getTotalMemorySize() / 0x1p30),
        System.getProperty("os.name") + ' ' + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + ' ' + System.getProperty("java.vm.version"),
        optionsOfThisJvm(),
        KernelProvider.description());
  }

  /**
   * Describes the machine in a line.
   *
   * @return processor, cores, memory, system and JDK
   */
  public String description() {
    return processor + "; " + cores + " cores, " + memoryGib + " GiB; " + system + "; " + jdk;
  }

  /** Without what the launcher passes on, which has a path. */
  private static List<String> optionsOfThisJvm() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Dvitj.bench."))
        .toList();
  }

  /** The model name of a cloud machine says little: family and model tell the architecture. */
  private static String processorModel() {
    if (!Files.exists(CPUINFO)) {
      return System.getProperty("os.arch");
    }
    Map<String, String> fields = new HashMap<>();
    try {
      for (String line : Files.readAllLines(CPUINFO)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return fields.getOrDefault("model name", System.getProperty("os.arch"))
        + ", family "
        + fields.get("cpu family")
        + ", model "
        + fields.get("model");
  }
}
