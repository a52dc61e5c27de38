import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java file of the project, from its root: {@code check} lists
 * the files that differ from its output and fails, {@code apply} rewrites them. The parent pom runs
 * it. A file with the mark {@code // @formatter:off} is left alone: the register tiles keep a row
 * of the tile on a line.
 */
final class Format {
  private static final PathMatcher GENERATED =
      FileSystems.getDefault().getPathMatcher("glob:**/target/**");

  private Format() {}

  /** {@code Format check} or {@code Format apply}. */
  public static void main(String[] args) throws IOException {
    boolean apply = args[0].equals("apply");
    Stream<String> options =
        apply ? Stream.of("--replace") : Stream.of("--dry-run", "--set-exit-if-changed");
    try (Stream<Path> files = Files.walk(Path.of(""))) {
      Stream<String> sources = files.filter(Format::isFormatted).map(Path::toString).sorted();
      int status =
          ToolProvider.findFirst("google-java-format")
              .orElseThrow()
              .run(System.out, System.err, Stream.concat(options, sources).toArray(String[]::new));
      if (status != 0 && !apply) {
        System.err.println("not formatted (see above); to fix: mvn -N verify -Dformat=apply");
      }
      System.exit(status);
    }
  }

  private static boolean isFormatted(Path file) {
    try {
      return file.toString().endsWith(".java")
          && !GENERATED.matches(file)
          && Files.readAllLines(file).stream()
              .noneMatch(l -> l.strip().equals("// @formatter:off"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
