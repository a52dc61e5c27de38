package io.vitj.bench.peer;

import ai.onnxruntime.OrtException;
import java.io.IOException;

/** Opens ONNX Runtime by its Java binding. */
public final class OnnxRuntimeEngines implements Engine.Factory {
  /** For the worker. */
  public OnnxRuntimeEngines() {}

  @Override
  public Engine open(Job job) throws OrtException, IOException {
    return new OnnxRuntime(EngineKind.ONNXRUNTIME_JAVA, job.graph(), job);
  }
}
