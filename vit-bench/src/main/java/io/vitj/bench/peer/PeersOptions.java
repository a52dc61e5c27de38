package io.vitj.bench.peer;

import io.vitj.bench.ModelSize;
import io.vitj.bench.kernel.GemmShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What {@code peers} is asked for.
 *
 * @param workloads models or products
 * @param batches images of an input
 * @param threads numbers of threads
 * @param engines whom to compare, vitj first
 * @param effort how long to measure
 * @param neighbour whether another process is to be busy while rounds run
 * @param python the interpreter for engines that need one; null for none
 * @param output the name of the report
 */
record PeersOptions(
    List<Workload> workloads,
    List<Integer> batches,
    List<Integer> threads,
    List<EngineKind> engines,
    Effort effort,
    boolean neighbour,
    String python,
    String output) {
  private static final String GEMM = "--gemm";
  private static final String NEIGHBOUR = "--neighbour";
  private static final Set<String> WITHOUT_VALUE = Set.of(GEMM, NEIGHBOUR);
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--models",
          "--threads",
          "--batch",
          "--size",
          "--engines",
          "--rounds",
          "--warmup",
          "--turn",
          "--python",
          "--output");

  static PeersOptions parse(List<String> args) {
    Map<String, String> given = read(args);
    boolean gemm = given.containsKey(GEMM);
    Job.Kind kind = gemm ? Job.Kind.GEMM : Job.Kind.MODEL;
    List<ModelSize> models =
        list(
            given.getOrDefault("--models", gemm ? "b16" : "ti16,s16,b16,l16"), PeersOptions::model);
    String python = given.get("--python");
    boolean neighbour = given.containsKey(NEIGHBOUR);
    String output = PeerReport.SUITE + (gemm ? "-gemm" : "") + (neighbour ? "-neighbour" : "");
    return new PeersOptions(
        gemm ? products(models) : models(models, numbers(given, "--size", "224")),
        numbers(given, "--batch", gemm ? "1,8" : "1"),
        numbers(given, "--threads", gemm ? "1" : oneAndAll()),
        engines(given.get("--engines"), kind, python != null),
        new Effort(
            number("--rounds", given.getOrDefault("--rounds", "20")),
            seconds(given, "--warmup", "5"),
            seconds(given, "--turn", "0.5")),
        neighbour,
        python,
        given.getOrDefault("--output", output));
  }

  private static Map<String, String> read(List<String> args) {
    Map<String, String> given = new LinkedHashMap<>();
    Iterator<String> words = args.iterator();
    while (words.hasNext()) {
      String option = words.next();
      String value = "";
      if (WITH_VALUE.contains(option)) {
        if (!words.hasNext()) {
          throw new IllegalArgumentException(option + " needs a value");
        }
        value = words.next();
      } else if (!WITHOUT_VALUE.contains(option)) {
        throw new IllegalArgumentException("peers has no option '" + option + "'");
      }
      if (given.put(option, value) != null) {
        throw new IllegalArgumentException(option + " is given twice");
      }
    }
    return given;
  }

  private static String oneAndAll() {
    int all = Runtime.getRuntime().availableProcessors();
    return all == 1 ? "1" : "1," + all;
  }

  private static <T> List<T> list(String text, Function<String, T> item) {
    return Pattern.compile(",").splitAsStream(text).map(item).distinct().toList();
  }

  private static List<Integer> numbers(Map<String, String> given, String option, String otherwise) {
    return list(given.getOrDefault(option, otherwise), item -> number(option, item));
  }

  private static int number(String option, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " takes numbers, not '" + text + "'", e);
    }
    throw new IllegalArgumentException(option + " takes numbers from 1 on, not " + text);
  }

  private static Duration seconds(Map<String, String> given, String option, String otherwise) {
    String text = given.getOrDefault(option, otherwise);
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && Double.isFinite(seconds)) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " takes seconds, not '" + text + "'", e);
    }
    throw new IllegalArgumentException(option + " takes seconds from 0 on, not " + text);
  }

  private static ModelSize model(String name) {
    return Arrays.stream(ModelSize.values())
        .filter(size -> size.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no model '" + name + "'; there are ti16, s16, b16 and l16"));
  }

  private static List<Workload> models(List<ModelSize> models, List<Integer> sizes) {
    List<Workload> workloads = new ArrayList<>();
    for (int pixels : sizes) {
      models.forEach(model -> workloads.add(new ModelWorkload(model, pixels)));
    }
    return workloads;
  }

  private static List<Workload> products(List<ModelSize> models) {
    return Arrays.stream(GemmShape.values())
        .filter(shape -> models.contains(shape.size()))
        .<Workload>map(GemmWorkload::new)
        .toList();
  }

  private static List<EngineKind> engines(String names, Job.Kind kind, boolean python) {
    if (names == null) {
      return EngineKind.defaults(kind, python);
    }
    Set<EngineKind> engines = new LinkedHashSet<>(List.of(EngineKind.VITJ));
    engines.addAll(list(names, EngineKind::parse));
    for (EngineKind engine : engines) {
      if (!engine.runs(kind)) {
        throw new IllegalArgumentException(
            engine.id() + " runs no " + (kind == Job.Kind.GEMM ? "single products" : "models"));
      }
    }
    return List.copyOf(engines);
  }
}
