package io.vitj.bench.compare;

import io.vitj.bench.ResultFiles;
import io.vitj.bench.compare.Comparison.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares two revisions. */
public final class CompareCommand {
  private static final int DEFAULT_ROUNDS = 10;

  /** What is compared when nothing is named: whole models, of one size. */
  private static final List<String> DEFAULT_OPTIONS =
      List.of("-p", "size=B16", "-p", "batch=1", "ForwardBenchmark");

  private final String first;
  private final String second;
  private final int rounds;
  private final List<String> options; // JMH's
  private final List<String> regexes;

  private CompareCommand(
      String first, String second, int rounds, List<String> options, List<String> regexes) {
    this.first = first;
    this.second = second;
    this.rounds = rounds;
    this.options = options;
    this.regexes = regexes;
  }

  /**
   * Reads the command line.
   *
   * @param args two revisions, then options
   * @return the command
   * @throws IllegalArgumentException if one is wrong
   */
  public static CompareCommand parse(List<String> args) {
    if (args.size() < 2 || args.get(0).startsWith("-") || args.get(1).startsWith("-")) {
      throw new IllegalArgumentException("compare needs two revisions first: compare main .");
    }
    int rounds = DEFAULT_ROUNDS;
    List<String> options = new ArrayList<>();
    List<String> regexes = new ArrayList<>();
    List<String> rest = args.size() > 2 ? args.subList(2, args.size()) : DEFAULT_OPTIONS;
    Iterator<String> words = rest.iterator();
    while (words.hasNext()) {
      String word = words.next();
      if (!word.startsWith("-")) {
        regexes.add(word);
      } else if (!words.hasNext()) {
        throw new IllegalArgumentException(word + " needs a value");
      } else if (word.equals("--rounds")) {
        rounds = rounds(words.next());
      } else {
        options.addAll(List.of(word, words.next()));
      }
    }
    return new CompareCommand(args.get(0), args.get(1), rounds, options, regexes);
  }

  private static int rounds(String text) {
    try {
      int rounds = Integer.parseInt(text);
      if (rounds >= Interval.LEAST) {
        return rounds;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--rounds takes a number, not '" + text + "'", e);
    }
    throw new IllegalArgumentException(
        "--rounds " + text + " tells nothing at 95 %; at least " + Interval.LEAST + " do");
  }

  /**
   * Builds, measures and prints.
   *
   * @return whether nothing got slower
   */
  public boolean run() {
    Path repository = ResultFiles.module().toAbsolutePath().getParent();
    Revision.verify(first, repository);
    Revision.verify(second, repository);
    try (Revision a = Revision.build(first, repository);
        Revision b = Revision.build(second, repository)) {
      List<Comparison> comparisons = measure(a, b);
      System.out.print(table(a.name(), b.name(), comparisons));
      return comparisons.stream().noneMatch(one -> one.verdict() == Verdict.SLOWER);
    }
  }

  private List<Comparison> measure(Revision a, Revision b) {
    List<String> benchmarks = new ArrayList<>(a.benchmarks(regexes));
    benchmarks.retainAll(b.benchmarks(regexes));
    if (benchmarks.isEmpty()) {
      throw new IllegalArgumentException(
          "no benchmark of both revisions matches " + String.join(" ", regexes));
    }
    SortedMap<String, List<Double>> ratios = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      System.err.println("vit-bench: round " + (round + 1) + " of " + rounds);
      for (String benchmark : benchmarks) {
        boolean forwards = round % 2 == 0;
        Map<String, Double> earlier = (forwards ? a : b).run(benchmark, options);
        Map<String, Double> later = (forwards ? b : a).run(benchmark, options);
        Map<String, Double> ofA = forwards ? earlier : later;
        Map<String, Double> ofB = forwards ? later : earlier;
        ofA.forEach(
            (name, time) -> {
              if (ofB.containsKey(name)) {
                ratios.computeIfAbsent(name, n -> new ArrayList<>()).add(ofB.get(name) / time);
              }
            });
      }
    }
    List<Comparison> comparisons = new ArrayList<>();
    ratios.forEach((name, all) -> comparisons.add(Comparison.of(name, all)));
    return comparisons;
  }

  static String table(String a, String b, List<Comparison> comparisons) {
    StringBuilder text = new StringBuilder();
    text.append("A = ").append(a).append(", B = ").append(b).append("\n\n");
    text.append("| benchmark | time of B / A | 95 % interval | |\n|---|--:|--:|---|\n");
    for (Comparison one : comparisons) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.3f | %.3f–%.3f | %s |%n",
              one.benchmark(),
              one.ratio(),
              one.interval().low(),
              one.interval().high(),
              one.verdict() == Verdict.SAME ? "" : one.verdict().name().toLowerCase(Locale.ROOT)));
    }
    return text.toString();
  }
}
