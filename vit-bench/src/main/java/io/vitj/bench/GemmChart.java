package io.vitj.bench;

import io.vitj.bench.chart.BarChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The matrix products of a kernel report beside the FMA peak that was measured with them. */
final class GemmChart {
  private final Report report;
  private final List<Measurement> products;

  GemmChart(Report report) {
    this.report = report;
    products =
        report.measurements().stream()
            .filter(one -> one.benchmark().startsWith("kernel.GemmBenchmark."))
            .toList();
  }

  boolean isEmpty() {
    return products.isEmpty();
  }

  Path write(Path file) throws IOException {
    List<String> categories = products.stream().map(report::label).toList();
    return new BarChart("Matrix products beside the FMA peak", "GFLOP/s", categories, 1)
        .numbers("0")
        .bars("vitj", products.stream().map(one -> one.gflops().median()).toList())
        .line("FMA peak", products.stream().map(one -> one.peak().median()).toList())
        .write(file);
  }
}
