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

  /** Starts a process that keeps a core busy, and waits until it is. */
  static Neighbour neighbour() {
    return Neighbour.start(neighbourProcess());
  }

  static ProcessBuilder neighbourProcess() {
    return process(java(NeighbourMain.class));
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
      command.addAll(java(WorkerMain.class));
      command.add(engine.factory());
    }
    command.addAll(job.arguments());
    return command;
  }

  /** A JVM like this one. */
  private static List<String> java(Class<?> main) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    java.add("--enable-native-access=ALL-UNNAMED");
    java.add(main.getName());
    return java;
  }

  private static ProcessBuilder process(List<String> command) {
    ProcessBuilder process = new ProcessBuilder(command);
    // Not as an argument: ONNX Runtime's Java binding 1.29 crashed while it was loaded where the
    // command line held this class path, and never where it stood here.
    process.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return process;
  }

  /** Thread counts reach libraries that take them from nowhere else; kernels are their choice. */
  private static ProcessBuilder process(List<String> command, Job job) {
    ProcessBuilder process = process(command);
    Map<String, String> environment = process.environment();
    environment.remove("OPENBLAS_CORETYPE");
    environment.put("OMP_NUM_THREADS", String.valueOf(job.threads()));
    environment.put("OPENBLAS_NUM_THREADS", String.valueOf(job.threads()));
    return process;
  }
}
