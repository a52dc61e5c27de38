package io.vitj.bench;

import io.vitj.bench.chart.RooflineChart;
import io.vitj.bench.chart.RooflineChart.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The operations of a report under the roof that was measured with them. */
final class KernelRooflines {
  /** What has one roof. */
  private record Group(String kernels, String threads) {
    static Group of(Measurement one) {
      return new Group(one.kernels(), one.parameters().get("threads"));
    }
  }

  private final Report report;
  private final Map<Group, List<Measurement>> groups;

  KernelRooflines(Report report) {
    this.report = report;
    groups =
        report.measurements().stream()
            .filter(one -> one.gflops() != null && one.bandwidth() != null)
            .collect(Collectors.groupingBy(Group::of, LinkedHashMap::new, Collectors.toList()));
  }

  /** Draws one chart for each provider and number of threads. Returns the files. */
  List<Path> write(Path directory, String name) throws IOException {
    boolean oneProvider = groups.keySet().stream().map(Group::kernels).distinct().count() <= 1;
    List<Path> files = new ArrayList<>();
    for (Map.Entry<Group, List<Measurement>> entry : groups.entrySet()) {
      Group group = entry.getKey();
      String provider = oneProvider ? "" : '-' + group.kernels().replace(' ', '-');
      Path file =
          directory.resolve(name + "-roofline" + provider + "-t" + group.threads() + ".png");
      files.add(chart(group, entry.getValue()).write(file));
    }
    return files;
  }

  private RooflineChart chart(Group group, List<Measurement> measurements) {
    double peak = median(measurements.stream().map(Measurement::peak).toList());
    double bandwidth = median(measurements.stream().map(Measurement::bandwidth).toList());
    String title = "Operations under the roof: " + group.kernels() + ", threads " + group.threads();
    RooflineChart chart = new RooflineChart(title, new Roofline(peak, bandwidth));
    measurements.stream()
        .collect(
            Collectors.groupingBy(
                Measurement::operation,
                LinkedHashMap::new,
                Collectors.mapping(this::point, Collectors.toList())))
        .forEach(chart::points);
    return chart;
  }

  private Point point(Measurement one) {
    double gflops = one.gflops().median();
    return new Point(report.label(one), gflops / one.gigabytes().median(), gflops);
  }

  private static double median(List<Figure> figures) {
    return Figure.median(figures.stream().mapToDouble(Figure::median).toArray());
  }
}
