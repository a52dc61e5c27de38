package io.vitj.bench.peer;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts workers.
 *
 * @param python the interpreter for engines that need one; null for none
 * @param script the worker in Python
 */
record Launcher(String python, Path script) {
  /** Starts a worker for a job, and waits until it is ready. */
  WorkerProcess start(EngineKind engine, Job job) throws EngineFailure {
    return WorkerProcess.start(engine.id(), process(command(engine, job), job));
  }

  private List<String> command(EngineKind engine, Job job) throws EngineFailure {
    String refusal = engine.refusal(job.threads());
    if (refusal != null) {
      throw new EngineFailure(engine.id(), refusal);
    }
    List<String> command = new ArrayList<>();
    if (engine.needsPython()) {
      if (python == null) {
        throw new EngineFailure(engine.id(), "needs --python PATH, a Python that has it");
      }
      command.addAll(List.of(python, script.toString(), engine.id()));
    } else {
      command.addAll(java());
      command.add(engine.factory());
    }
    command.addAll(job.arguments());
    return command;
  }

  /** A JVM like this one. */
  private static List<String> java() {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    java.add("--enable-native-access=ALL-UNNAMED");
    java.add(WorkerMain.class.getName());
    return java;
  }

  /** Thread counts reach libraries that take them from nowhere else; kernels are their choice. */
  private static ProcessBuilder process(List<String> command, Job job) {
    ProcessBuilder process = new ProcessBuilder(command);
    Map<String, String> environment = process.environment();
    // Not as an argument: ONNX Runtime's Java binding 1.29 crashed while it was loaded where the
    // command line held this
    // class path, and never where it stood here.
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.remove("OPENBLAS_CORETYPE");
    environment.put("OMP_NUM_THREADS", String.valueOf(job.threads()));
    environment.put("OPENBLAS_NUM_THREADS", String.valueOf(job.threads()));
    return process;
  }
}
