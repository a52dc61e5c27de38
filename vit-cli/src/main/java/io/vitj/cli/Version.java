package io.vitj.cli;

import io.vitj.tensor.kernel.KernelProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version, the kernels in use, the Java virtual machine. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "vit " + number(),
      "kernels: " + KernelProvider.description(),
      "JDK: %s, %s".formatted(Runtime.version(), System.getProperty("java.vm.name")),
      "%s %s, %d processors"
          .formatted(
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              Runtime.getRuntime().availableProcessors())
    };
  }

  /**
   * Returns the version of this build.
   *
   * @return as in the pom, filtered into {@code version.properties}
   */
  static String number() {
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
