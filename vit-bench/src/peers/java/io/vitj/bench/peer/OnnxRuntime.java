package io.vitj.bench.peer;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** A session of ONNX Runtime's Java binding. */
final class OnnxRuntime implements Engine {
  private final EngineKind kind;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Map<String, OnnxTensor> feed;
  private final FloatBuffer output;
  private final Map<String, OnnxTensor> results;

  OnnxRuntime(EngineKind kind, Path graph, Job job) throws OrtException, IOException {
    this.kind = kind;
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(job.threads());
      options.setInterOpNumThreads(1);
      session = environment.createSession(graph.toString(), options);
    }
    NodeInfo from = session.getInputInfo().values().iterator().next();
    NodeInfo to = session.getOutputInfo().values().iterator().next();
    output = Buffers.allocate(Math.toIntExact(((TensorInfo) to.getInfo()).getNumElements()));
    feed = Map.of(from.getName(), tensor(from, Buffers.of(FloatFile.read(job.input()))));
    results = Map.of(to.getName(), tensor(to, output));
  }

  private OnnxTensor tensor(NodeInfo node, FloatBuffer values) throws OrtException {
    long[] shape = ((TensorInfo) node.getInfo()).getShape();
    return OnnxTensor.createTensor(environment, values, shape);
  }

  @Override
  public String name() {
    return kind.id();
  }

  @Override
  public String version() {
    return "ONNX Runtime " + environment.getVersion() + " (Java)";
  }

  @Override
  public void run() throws OrtException {
    session.run(feed, results).close(); // into the memory of output, without a copy
  }

  @Override
  public float[] output() {
    return Buffers.floats(output);
  }

  @Override
  public void close() {
    feed.values().forEach(OnnxTensor::close);
    results.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
