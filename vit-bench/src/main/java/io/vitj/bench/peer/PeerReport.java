package io.vitj.bench.peer;

import io.vitj.bench.Machine;
import io.vitj.bench.ResultFiles;
import io.vitj.bench.Roofline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Engines side by side, as JSON and as Markdown.
 *
 * @param suite what made it: {@value #SUITE}
 * @param date the day
 * @param commit the revision measured; a plus sign says that files differed from it
 * @param machine where
 * @param rounds the turns of every engine
 * @param cases one for each workload, batch and number of threads
 */
public record PeerReport(
    String suite, String date, String commit, Machine machine, int rounds, List<CaseResult> cases) {
  /** The name of the suite. */
  public static final String SUITE = "peers";

  private static final String TITLE =
      "| workload | pixels | batch | threads | engine | latency, ms | vitj / engine | p99 / median"
          + " | vitj / engine in that | GFLOP/s | of FMA peak | memory, MiB | at peak | largest"
          + " difference |\n"
          + "|---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";

  PeerReport(int rounds, List<CaseResult> cases) {
    this(SUITE, ResultFiles.today(), ResultFiles.commit(), Machine.current(), rounds, cases);
  }

  String markdown() {
    StringBuilder text = new StringBuilder("# vitj beside other engines\n\n");
    text.append(date).append(", commit ").append(commit).append(". ");
    text.append(machine.description()).append('.').append(memory()).append('\n');
    text.append(introduction());
    text.append(TITLE);
    for (CaseResult one : cases) {
      one.engines().stream().filter(Standing::counts).forEach(s -> text.append(row(one, s)));
    }
    text.append('\n');
    versions().forEach((engine, version) -> text.append(versionLine(engine, version)));
    for (CaseResult one : cases) {
      if (one.neighbour() != null) {
        text.append("- the neighbour had ").append(number("%.0f %%", 100 * one.neighbour()));
        text.append(" of a core, ").append(title(one)).append('\n');
      }
      for (Standing standing : one.engines()) {
        if (!standing.counts()) {
          text.append("- not measured, ").append(title(one)).append(": ");
          text.append(standing.failure()).append('\n');
        }
      }
    }
    return text.toString();
  }

  private String memory() {
    SortedMap<Integer, Double> best = new TreeMap<>();
    cases.stream()
        .filter(one -> one.bandwidth() > 0)
        .forEach(one -> best.merge(one.threads(), one.bandwidth(), Math::max));
    return Roofline.memory(best);
  }

  /** Whether another process was busy while rounds ran. */
  boolean besideNeighbour() {
    return cases.stream().anyMatch(one -> one.neighbour() != null);
  }

  private String introduction() {
    return ofAll()
        + (besideNeighbour()
            ? "While rounds ran, another process computed on one thread for as long as it was"
                + " let.\n\n"
            : "");
  }

  private String ofAll() {
    return String.format(
        Locale.ROOT,
        """

        Every engine has the same weights and pixels and a process of its own; outputs were equal within %.0e of the
        largest value%s. In each of %d rounds every engine had one turn, in rotating order. Latency: median and
        quartiles of all passes. vitj / engine: median and quartiles of the ratios within a round; below 1 vitj is
        faster. p99 / median: the latency that 99 of 100 passes are below, over the median, and vitj's of that over
        the engine's; below 1 vitj is steadier. GFLOP/s: what the definition of the model takes, over the latency.
        vitj spares what its last block computes for nobody (6 %% of ViT-B/16), so its share of the FMA peak,
        measured before every round, has that in it. Memory: what the process of the engine has resident when the rounds
        are over and it has collected its garbage. At peak: the most it ever had, with what loading took, compiling, and
        the garbage that a JVM whose heap may grow has no reason to collect.

        """,
        EngineKind.VITJ.tolerance(),
        otherTolerances(),
        rounds);
  }

  /** Which engines need not be as close, after what is said of all. */
  private String otherTolerances() {
    return Arrays.stream(EngineKind.values())
        .filter(kind -> versions().containsKey(kind.id()))
        .filter(kind -> kind.tolerance() > EngineKind.VITJ.tolerance())
        .map(kind -> String.format(Locale.ROOT, ", of %s %.0e", kind.id(), kind.tolerance()))
        .collect(Collectors.joining());
  }

  private static String versionLine(String engine, String version) {
    return "- " + engine + ": " + version + '\n';
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    for (CaseResult one : cases) {
      one.engines().stream()
          .filter(Standing::counts)
          .forEach(s -> versions.putIfAbsent(s.engine(), s.version()));
    }
    return versions;
  }

  private static String title(CaseResult one) {
    return String.format(
        "%s, %d pixels, batch %d, threads %d",
        one.workload(), one.pixels(), one.batch(), one.threads());
  }

  static String row(CaseResult one, Standing s) {
    return String.join(
            " | ",
            "| " + one.workload(),
            String.valueOf(one.pixels()),
            String.valueOf(one.batch()),
            String.valueOf(one.threads()),
            s.engine(),
            s.millis().text(s.millis().median() < 10 ? "%.3f" : "%.1f"),
            s.ratio() == null ? "" : s.ratio().text("%.3f"),
            number("%.2f", s.tail()),
            number("%.2f", s.tailRatio()),
            number("%.0f", s.gflops()),
            number("%.0f %%", s.share()),
            number("%.0f", s.memoryMib()),
            number("%.0f", s.peakMemoryMib()),
            number("%.0e", s.difference()))
        + " |\n";
  }

  private static String number(String format, Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  Path write(String name) throws IOException {
    return ResultFiles.write(name, this, markdown());
  }

  /**
   * Draws the charts.
   *
   * @param name the name of this report
   * @return the files
   * @throws IOException if they cannot be written
   */
  public List<Path> draw(String name) throws IOException {
    return new PeerCharts(this, ResultFiles.directory(), name).draw();
  }
}
