package io.vitj.bench.peer;

import ai.onnxruntime.OrtException;
import java.io.IOException;

/** Opens ONNX Runtime by its Java binding, with products of 8-bit integers. */
public final class OnnxRuntimeInt8Engines implements Engine.Factory {
  /** For the worker. */
  public OnnxRuntimeInt8Engines() {}

  @Override
  public Engine open(Job job) throws OrtException, IOException {
    return new OnnxRuntime(EngineKind.ONNXRUNTIME_JAVA_INT8, job.int8Graph(), job);
  }
}
