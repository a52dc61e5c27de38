package io.vitj.bench.peer;

import io.vitj.tensor.DType;
import java.io.IOException;

/** Opens this engine, with its weights stored as bfloat16. */
public final class VitjBf16Engines implements Engine.Factory {
  /** For the worker. */
  public VitjBf16Engines() {}

  @Override
  public Engine open(Job job) throws IOException {
    return VitjEngines.open(job, EngineKind.VITJ_BF16, DType.BF16);
  }
}
