package io.vitj.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
          + " heap B/op |";

  Report(String suite, List<Measurement> measurements) {
    this(suite, ResultFiles.today(), ResultFiles.commit(), Machine.current(), measurements);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(suite).append(" benchmarks\n\n");
    text.append(date).append(", commit ").append(commit).append(". ");
    text.append(machine.description()).append(".\n\n");
    text.append(
        "Medians of the forks, each the median of its iterations; spread is their range.\n");
    text.append("The FMA peak is measured around every iteration on as many cores.\n\n");
    text.append(TITLE).append("\n|---|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
    measurements.forEach(m -> text.append(row(m)));
    return text.toString();
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
    GemmChart products = new GemmChart(this);
    return products.isEmpty()
        ? List.of()
        : List.of(products.write(ResultFiles.directory().resolve(name + ".png")));
  }
}
