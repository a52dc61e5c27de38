package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.EngineFilter.includeEngines;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Fuzzes each {@code *FuzzTest} for the seconds that it names, from its own seeds and the inputs
 * once found to fail, in resources under its name. Jazzer runs one target in a JVM, so that each
 * has its own. Surefire could fork them, but then loads test classes in Maven's JVM, which may be
 * older than they are.
 *
 * <p>Logs, the corpus and inputs that fail are left in {@code target/fuzz}.
 */
class FuzzTargetsTest {
  /**
   * C1 alone, because C2 would not be done before the JVM ends; and our own code alone counts as
   * covered, which is twice as fast.
   */
  private static final List<String> OPTIONS =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "-Xmx512m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+EnableDynamicAgentLoading",
          "-Djazzer.instrumentation_includes=io.vitj.**");

  /** How libFuzzer ends. */
  private static final Pattern DONE = Pattern.compile("(?m)^Done (\\d+) runs in ");

  private static final int LAST_LINES = 60;

  private static final Map<String, Future<Run>> RUNS = new LinkedHashMap<>();

  @AutoClose private static final ExecutorService TWO_AT_A_TIME = Executors.newFixedThreadPool(2);

  private record Run(boolean ended, int status, String output) {}

  /** What a JVM of its own runs: JUnit on the class whose name is the argument. */
  static final class Target {
    private Target() {}

    /** Exits with 0 when no test failed. */
    public static void main(String[] args) {
      var listener = new SummaryGeneratingListener();
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClass(args[0]))
                  .filters(includeEngines("junit-jupiter"))
                  .build(),
              listener);
      listener
          .getSummary()
          .printFailuresTo(
              new PrintWriter(System.err, true, StandardCharsets.UTF_8), LAST_LINES / 2);
      System.exit(listener.getSummary().getTotalFailureCount() == 0 ? 0 : 1);
    }
  }

  @BeforeAll
  static void start() throws IOException, URISyntaxException {
    Path classes =
        Path.of(FuzzTargetsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = Files.createDirectories(classes.resolveSibling("fuzz"));
    try (Stream<Path> files = Files.walk(classes)) {
      files
          .map(file -> classes.relativize(file).toString())
          .filter(name -> name.endsWith("FuzzTest.class"))
          .map(
              name ->
                  name.replace(".class", "").replace(classes.getFileSystem().getSeparator(), "."))
          .sorted()
          .forEach(name -> RUNS.put(name, TWO_AT_A_TIME.submit(() -> run(name, folder))));
    }
  }

  static Set<String> targets() {
    return RUNS.keySet();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void noInputIsFoundToFail(String target) throws Exception {
    Run run = RUNS.get(target).get();
    assertThat(run.ended() && run.status() == 0).as(() -> lastLines(run)).isTrue();
    Matcher done = DONE.matcher(run.output());
    assertThat(done.find()).as(() -> lastLines(run)).isTrue();
    assertThat(Integer.parseInt(done.group(1))).isGreaterThan(100);
  }

  private static Run run(String target, Path folder) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> main =
        List.of("-cp", System.getProperty("java.class.path"), Target.class.getName(), target);
    Path log = folder.resolve(target + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(Stream.of(List.of(java), OPTIONS, main).flatMap(List::stream).toList())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAZZER_FUZZ", "1");
    Process process = builder.start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    int status = process.destroyForcibly().waitFor();
    // libFuzzer prints inputs as they are, which need not be UTF-8
    return new Run(ended, status, new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
  }

  private static String lastLines(Run run) {
    List<String> lines = run.output().lines().toList();
    String state = run.ended() ? "exit status " + run.status() : "killed after two minutes";
    return state
        + ", after:\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }
}
