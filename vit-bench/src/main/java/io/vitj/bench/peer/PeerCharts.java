package io.vitj.bench.peer;

import io.vitj.bench.Figure;
import io.vitj.bench.Roofline;
import io.vitj.bench.chart.BarChart;
import io.vitj.bench.chart.RooflineChart;
import io.vitj.bench.chart.RooflineChart.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The charts of a comparison. */
final class PeerCharts {
  /** The cases of one chart. */
  private record Group(Job.Kind kind, int pixels, int batch, int threads) {
    static Group of(CaseResult one) {
      return new Group(one.kind(), one.pixels(), one.batch(), one.threads());
    }

    String file() {
      return pixels + "px-b" + batch + "-t" + threads + ".png";
    }

    String title() {
      return pixels + " pixels, batch " + batch + ", threads " + threads;
    }
  }

  private final PeerReport report;
  private final Path directory;
  private final String name;

  /** Takes a report that goes by a name in a directory. */
  PeerCharts(PeerReport report, Path directory, String name) {
    this.report = report;
    this.directory = directory;
    this.name = name;
  }

  /** Draws one chart for each input size, batch and number of threads, and their scaling. */
  List<Path> draw() throws IOException {
    Map<Group, List<CaseResult>> groups =
        report.cases().stream()
            .collect(Collectors.groupingBy(Group::of, LinkedHashMap::new, Collectors.toList()));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<Group, List<CaseResult>> group : groups.entrySet()) {
      Group key = group.getKey();
      if (report.besideNeighbour()) {
        Path tails = directory.resolve(name + "-tail-" + key.file());
        files.add(tails(key, group.getValue()).write(tails));
      }
      Path file = directory.resolve(name + '-' + key.file());
      files.add(
          key.kind() == Job.Kind.GEMM
              ? rates(key, group.getValue()).write(file)
              : latencies(key, group.getValue()).write(file));
      List<CaseResult> single = groups.get(new Group(key.kind(), key.pixels(), key.batch(), 1));
      if (key.threads() > 1 && single != null) {
        Path scaling = directory.resolve(name + "-scaling-" + key.file());
        files.add(scaling(key, single, group.getValue()).write(scaling));
      }
    }
    files.addAll(rooflines());
    return files;
  }

  /** Draws the products of each number of threads, whatever their shape and batch. */
  private List<Path> rooflines() throws IOException {
    Map<Integer, List<CaseResult>> groups =
        report.cases().stream()
            .filter(
                one -> one.bytes() > 0 && one.bandwidth() > 0 && !engines(List.of(one)).isEmpty())
            .collect(
                Collectors.groupingBy(
                    CaseResult::threads, LinkedHashMap::new, Collectors.toList()));
    List<Path> files = new ArrayList<>();
    for (Map.Entry<Integer, List<CaseResult>> group : groups.entrySet()) {
      Path file = directory.resolve(name + "-roofline-t" + group.getKey() + ".png");
      files.add(roofline(group.getKey(), group.getValue()).write(file));
    }
    return files;
  }

  private static RooflineChart roofline(int threads, List<CaseResult> cases) {
    double[] peaks = cases.stream().mapToDouble(CaseResult::peak).toArray();
    double[] bandwidths = cases.stream().mapToDouble(CaseResult::bandwidth).toArray();
    RooflineChart chart =
        new RooflineChart(
            "Matrix products under the roof: threads " + threads,
            new Roofline(Figure.median(peaks), Figure.median(bandwidths)));
    for (String engine : engines(cases)) {
      List<Point> points = new ArrayList<>();
      for (CaseResult one : cases) {
        Double gflops = value(one, engine, Standing::gflops);
        if (gflops != null) {
          String label = one.workload() + (one.batch() == 1 ? "" : ", batch " + one.batch());
          points.add(new Point(label, (double) one.flops() / one.bytes(), gflops));
        }
      }
      chart.points(engine, points);
    }
    return chart;
  }

  private String title(Group group) {
    return group.title() + (report.besideNeighbour() ? ", beside a busy neighbour" : "");
  }

  private static Set<String> engines(List<CaseResult> cases) {
    Set<String> engines = new LinkedHashSet<>();
    cases.forEach(
        one ->
            one.engines().stream().filter(Standing::counts).forEach(s -> engines.add(s.engine())));
    return engines;
  }

  private static Double value(CaseResult one, String engine, Function<Standing, Double> value) {
    return one.engines().stream()
        .filter(standing -> standing.counts() && standing.engine().equals(engine))
        .map(value)
        .findFirst()
        .orElse(null);
  }

  private static BarChart bars(
      BarChart chart, List<CaseResult> cases, Function<Standing, Double> value) {
    for (String engine : engines(cases)) {
      List<Double> numbers = new ArrayList<>();
      cases.forEach(one -> numbers.add(value(one, engine, value)));
      chart.bars(engine, numbers);
    }
    return chart;
  }

  private BarChart latencies(Group group, List<CaseResult> cases) {
    List<String> categories = new ArrayList<>();
    for (CaseResult one : cases) {
      Double millis = value(one, EngineKind.VITJ.id(), s -> s.millis().median());
      categories.add(millis == null ? one.workload() : category(one.workload(), millis));
    }
    BarChart chart =
        new BarChart(
            "Latency in relation to vitj's: " + title(group),
            "× (lower is better)",
            categories,
            engines(cases).size());
    return bars(chart.numbers("0.00"), cases, s -> s.ratio() == null ? 1 : 1 / s.ratio().median());
  }

  /** Names a model with vitj's latency: three digits, or all before the point. */
  static String category(String workload, double millis) {
    int decimals = millis < 10 ? 2 : millis < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%s (vitj: %." + decimals + "f ms)", workload, millis);
  }

  private static BarChart rates(Group group, List<CaseResult> cases) {
    BarChart chart =
        new BarChart(
            "Matrix products beside the FMA peak: batch "
                + group.batch()
                + ", threads "
                + group.threads(),
            "GFLOP/s",
            cases.stream().map(CaseResult::workload).toList(),
            engines(cases).size());
    return bars(chart.numbers("0"), cases, Standing::gflops)
        .line("FMA peak", cases.stream().map(CaseResult::peak).toList());
  }

  private BarChart tails(Group group, List<CaseResult> cases) {
    BarChart chart =
        new BarChart(
            "p99 over median: " + title(group),
            "× (lower is steadier)",
            cases.stream().map(CaseResult::workload).toList(),
            engines(cases).size());
    return bars(chart.numbers("0.00"), cases, Standing::tail);
  }

  private BarChart scaling(Group group, List<CaseResult> single, List<CaseResult> many) {
    Map<String, CaseResult> ones =
        single.stream().collect(Collectors.toMap(CaseResult::workload, one -> one));
    List<CaseResult> both = many.stream().filter(c -> ones.containsKey(c.workload())).toList();
    List<String> categories = both.stream().map(CaseResult::workload).toList();
    BarChart chart =
        new BarChart(
                "Speed-up over one thread: " + title(group),
                "× (higher is better)",
                categories,
                engines(both).size())
            .numbers("0.00");
    for (String engine : engines(both)) {
      List<Double> numbers = new ArrayList<>();
      for (CaseResult one : both) {
        Double slow = value(ones.get(one.workload()), engine, s -> s.millis().median());
        Double fast = value(one, engine, s -> s.millis().median());
        numbers.add(slow == null || fast == null ? null : Double.valueOf(slow / fast));
      }
      chart.bars(engine, numbers);
    }
    return chart.line("ideal", categories.stream().map(c -> (double) group.threads()).toList());
  }
}
