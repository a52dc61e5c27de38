package io.vitj.bench.compare;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Other programs. */
final class Command {
  private Command() {}

  /**
   * Runs a program to its end.
   *
   * @param directory where to run it
   * @param environment what to add to the environment
   * @param words program and arguments
   * @return what it printed, without the last line break
   * @throws ModelException if it cannot be started or fails, with the last line that it printed
   */
  static String run(Path directory, Map<String, String> environment, List<String> words) {
    Path log = null;
    try {
      log = Files.createTempFile("vitj", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      int status = builder.start().waitFor();
      String printed = Files.readString(log).strip();
      if (status != 0) {
        throw new ModelException(
            words.getFirst() + " failed: " + ModelException.oneLine(telling(printed)));
      }
      return printed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException(words.getFirst() + " was interrupted", e);
    } catch (IOException e) {
      throw new ModelException(
          words.getFirst() + " cannot be run: " + ModelException.oneLine(e.getMessage()), e);
    } finally {
      delete(log);
    }
  }

  private static void delete(Path log) {
    try {
      if (log != null) {
        Files.deleteIfExists(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first line that Maven marks as an error; of other programs, the last line. */
  private static String telling(String printed) {
    return printed
        .lines()
        .filter(line -> line.contains("ERROR"))
        .findFirst()
        .orElseGet(() -> printed.lines().reduce("", (earlier, later) -> later));
  }
}
