package io.vitj.bench.peer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The engines that can be compared. */
enum EngineKind {
  /** This one. */
  VITJ("vitj", "VitjEngines", true, true),
  /** This one with its weights stored as bfloat16; compared where it is named. */
  VITJ_BF16("vitj-bf16", "VitjBf16Engines", true, true),
  /** ONNX Runtime's Java binding, what a JVM user picks today. */
  ONNXRUNTIME_JAVA("onnxruntime-java", "OnnxRuntimeEngines", true, true),
  /** The same with products of 8-bit integers. */
  ONNXRUNTIME_JAVA_INT8("onnxruntime-java-int8", "OnnxRuntimeInt8Engines", true, false),
  /** PyTorch by the Deep Java Library, with a model in TorchScript. */
  DJL("djl", "DjlEngines", true, false),
  /** OpenBLAS. */
  OPENBLAS("openblas", "OpenBlasEngines", false, true),
  /** VectorBLAS of netlib, on the Vector API. */
  VECTORBLAS("vectorblas", "VectorBlasEngines", false, true),
  /** ONNX Runtime's C API, through its Python package. */
  ONNXRUNTIME("onnxruntime", null, true, true),
  /** PyTorch, with timm's models. */
  PYTORCH("pytorch", null, true, true);

  private final String id;
  private final String factory;
  private final boolean models;
  private final boolean products;

  EngineKind(String id, String factory, boolean models, boolean products) {
    this.id = id;
    this.factory = factory;
    this.models = models;
    this.products = products;
  }

  /** Finds an engine by its name. */
  static EngineKind parse(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id.equals(id))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no engine '" + id + "'; there are " + all()));
  }

  private static String all() {
    return Arrays.stream(values()).map(EngineKind::id).collect(Collectors.joining(", "));
  }

  /** Those that are compared when none is named. */
  static List<EngineKind> defaults(Job.Kind job, boolean python) {
    return Arrays.stream(values())
        .filter(kind -> kind != VITJ_BF16 && kind.runs(job))
        .filter(kind -> python || !kind.needsPython())
        .toList();
  }

  /** The name in commands and reports. */
  String id() {
    return id;
  }

  boolean runs(Job.Kind job) {
    return job == Job.Kind.MODEL ? models : products;
  }

  boolean needsPython() {
    return factory == null;
  }

  /** Why it cannot have so many threads; null if it can. */
  String refusal(int threads) {
    return this == VECTORBLAS && threads > 1 ? "has one thread only" : null;
  }

  /**
   * What its outputs may differ by from vitj's, over the largest value.
   *
   * <p>In single precision that is the bar that golden tests hold vitj to against the reference
   * implementations; about 1e-6 are left of it.
   *
   * <p>Rounding to 8 bits adds about 1 % of noise to each factor of a product: a step is a 255th of
   * a range of some 9 standard deviations in activations and of some 7 in a column of weights, and
   * its noise 1/√12 of a step. It adds up over the branches as they do: 2 to 4 % were found of
   * Ti/16 to L/16. A wrong scale in one product of Ti/16 makes more than the tolerance.
   *
   * <p>Rounding a weight to the 8 bits of bfloat16 changes it by 2<sup>-8</sup> of itself at most
   * and by 1.7e-3 in root mean square: 2<sup>-8</sup>/√3, over significands of 1 to 2. That is the
   * noise of each product, since what is multiplied with the weights stays in single precision. It
   * adds up as above: 3e-3 to 6e-3 were found of Ti/16 to L/16.
   */
  double tolerance() {
    return switch (this) {
      case ONNXRUNTIME_JAVA_INT8 -> 0.1;
      case VITJ_BF16 -> 2e-2;
      default -> 5e-5;
    };
  }

  /** The class of the factory of an engine that runs in a JVM. */
  String factory() {
    return EngineKind.class.getPackageName() + '.' + factory;
  }
}
