package io.vitj.bench;

import io.vitj.bench.kernel.GemmShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The measurements of a run as JSON and as a Markdown table.
 *
 * @param suite the suite that ran
 * @param date the day
 * @param commit the revision measured; a plus sign says that files differed from it
 * @param machine where
 * @param measurements one for each benchmark, set of parameters and provider
 */
record Report(
    String suite, String date, String commit, Machine machine, List<Measurement> measurements) {
  private static final String TITLE =
      "| benchmark | parameters | kernels | median | spread | GFLOP/s | FMA peak | of peak | GB/s |"
          + " memory | heap B/op |";

  /** What the label of an operation begins with, or a chart says as a whole. */
  private static final Set<String> NAMED = Set.of("shape", "size", "threads");

  Report(String suite, List<Measurement> measurements) {
    this(suite, ResultFiles.today(), ResultFiles.commit(), Machine.current(), measurements);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(suite).append(" benchmarks\n\n");
    text.append(date).append(", commit ").append(commit).append(". ");
    text.append(machine.description()).append('.').append(memory()).append("\n\n");
    text.append(
        "Medians of the forks, each the median of its iterations; spread is their range.\n");
    text.append(
        "The FMA peak is measured around every iteration on as many cores, and once in a fork ");
    text.append(
        "the rate\n"
            + "that they read memory at. GB/s: each operand and result moved once, which is more ");
    text.append("than memory can\ndo where they stay in a cache.\n\n");
    text.append(TITLE).append("\n|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    measurements.forEach(m -> text.append(row(m)));
    return text.toString();
  }

  private String memory() {
    SortedMap<Integer, Double> best = new TreeMap<>();
    for (Measurement one : measurements) {
      if (one.bandwidth() != null) {
        int threads = Integer.parseInt(one.parameters().get("threads"));
        best.merge(threads, one.bandwidth().median(), Math::max);
      }
    }
    return Roofline.memory(best);
  }

  private static String row(Measurement m) {
    String parameters =
        m.parameters().entrySet().stream()
            .map(Map.Entry::toString)
            .collect(Collectors.joining(", "));
    return String.join(
            " | ",
            "| " + m.benchmark(),
            parameters,
            m.kernels(),
            time(m.micros().median()),
            number("%.1f %%", 100 * m.micros().spread()),
            number("%.1f", m.gflops()),
            number("%.1f", m.peak()),
            number("%.1f %%", m.share()),
            number("%.1f", m.gigabytes()),
            number("%.1f", m.bandwidth()),
            number("%.0f", m.heapBytes()))
        + " |\n";
  }

  private static String time(double micros) {
    return micros < 10_000 ? number("%.1f µs", micros) : number("%.2f ms", micros / 1000);
  }

  private static String number(String format, Figure figure) {
    return figure == null ? "" : number(format, figure.median());
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Writes NAME.json and NAME.md. Returns the table. */
  Path write(String name) throws IOException {
    return ResultFiles.write(name, this, markdown());
  }

  /** Draws what charts there are for these measurements. Returns the files. */
  List<Path> draw(String name) throws IOException {
    Path directory = ResultFiles.directory();
    List<Path> files = new ArrayList<>();
    GemmChart products = new GemmChart(this);
    if (!products.isEmpty()) {
      files.add(products.write(directory.resolve(name + ".png")));
    }
    files.addAll(new KernelRooflines(this).write(directory, name));
    return files;
  }

  /** Names the operands of a measurement: the model, and what differs between measurements. */
  String label(Measurement one) {
    Map<String, String> parameters = one.parameters();
    StringJoiner label = new StringJoiner(" ");
    label.add(
        parameters.containsKey("shape")
            ? GemmShape.valueOf(parameters.get("shape")).label()
            : ModelSize.valueOf(parameters.get("size")).label());
    parameters.forEach(
        (name, value) -> {
          if (name.equals("rows")) {
            label.add("× " + value);
          } else if (!NAMED.contains(name) && varies(one.operation(), name)) {
            label.add(value);
          }
        });
    return label.toString();
  }

  private boolean varies(String operation, String parameter) {
    return measurements.stream()
            .filter(one -> one.operation().equals(operation))
            .map(one -> one.parameters().get(parameter))
            .distinct()
            .count()
        > 1;
  }
}
