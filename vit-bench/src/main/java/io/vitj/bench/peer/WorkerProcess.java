package io.vitj.bench.peer;

import io.vitj.model.ModelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A worker, seen from the process that compares. */
final class WorkerProcess implements AutoCloseable {
  /** An engine that loads for longer, or computes one batch for longer, is taken for stuck. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** How long the processor time of a worker is watched at a time. */
  private static final Duration WATCH = Duration.ofMillis(50);

  /** Busier than this share of a core, a thread spins. The system counts in ticks of 10 ms. */
  private static final double SPINNING = 0.3;

  /** Threads that spin for longer are there to stay. */
  private static final int MOST_WATCHES = 40;

  /** A worker that gave back no memory for so long has given back all that it will. */
  private static final int STEADY_WATCHES = 6;

  private static final String END = "\n"; // no line holds it

  private final String engine;
  private final Process process;
  private final Path log;
  private final Writer commands;
  private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(1024);
  private String version;

  private WorkerProcess(String engine, Process process, Path log) {
    this.engine = engine;
    this.process = process;
    this.log = log;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name(engine).start(this::read);
  }

  /**
   * Starts a worker and waits until it is ready.
   *
   * @param engine what to call it in messages
   * @param builder its command
   */
  static WorkerProcess start(String engine, ProcessBuilder builder) throws EngineFailure {
    WorkerProcess worker;
    try {
      Path log = Files.createTempFile("worker", ".log");
      worker = new WorkerProcess(engine, builder.redirectError(log.toFile()).start(), log);
    } catch (IOException e) {
      throw new EngineFailure(
          engine, "cannot be started: " + ModelException.oneLine(e.getMessage()));
    }
    try {
      worker.version = worker.introduced();
    } catch (EngineFailure e) {
      worker.close();
      throw e;
    }
    return worker;
  }

  private String introduced() throws EngineFailure {
    String introduction = answer(Worker.READY, PATIENCE);
    if (!introduction.startsWith(engine + ' ')) {
      throw failure("says it is " + ModelException.quote(introduction));
    }
    return introduction.substring(engine.length() + 1);
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        answers.put(line);
      }
      answers.put(END);
    } catch (IOException | InterruptedException e) {
      answers.offer(END); // the process is being closed
    }
  }

  String engine() {
    return engine;
  }

  /** The version, as the worker says. */
  String version() {
    return version;
  }

  /** Computes once. Returns the output. */
  float[] check() throws EngineFailure {
    try {
      Path file = Files.createTempFile("output", ".f32");
      try {
        String count = ask(Worker.CHECK + ' ' + file, Worker.CHECKED, PATIENCE);
        float[] output = FloatFile.read(file);
        if (!count.equals(String.valueOf(output.length))) {
          throw failure("says it wrote " + count + " numbers, but wrote " + output.length);
        }
        return output;
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw failure("wrote no output: " + ModelException.oneLine(e.getMessage()));
    }
  }

  /** Computes some times. Returns the latencies in nanoseconds. */
  long[] run(int times) throws EngineFailure {
    String answer = ask(Worker.RUN + ' ' + times, Worker.RAN, PATIENCE.multipliedBy(times));
    try {
      long[] latencies =
          Pattern.compile(" ").splitAsStream(answer).mapToLong(Long::parseLong).toArray();
      if (latencies.length == times) {
        return latencies;
      }
    } catch (NumberFormatException e) {
      throw failure("answered " + ModelException.quote(answer) + ", not latencies");
    }
    throw failure("answered another number of latencies than " + times);
  }

  private String ask(String command, String expected, Duration patience) throws EngineFailure {
    try {
      commands.write(command + '\n');
      commands.flush();
    } catch (IOException e) {
      throw failure(end());
    }
    return answer(expected, patience);
  }

  private String answer(String expected, Duration patience) throws EngineFailure {
    String line;
    try {
      line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted();
    }
    if (line == null) {
      throw failure("gave no answer in " + patience.toSeconds() + " s");
    }
    if (line.equals(END)) {
      throw failure(end());
    }
    if (line.equals(expected) || line.startsWith(expected + ' ')) {
      return line.substring(expected.length()).stripLeading();
    }
    if (line.startsWith(Worker.FAILED + ' ')) {
      throw failure("failed: " + line.substring(Worker.FAILED.length() + 1));
    }
    throw failure("answered " + ModelException.quote(line) + " instead of " + expected);
  }

  private EngineFailure failure(String what) {
    return new EngineFailure(engine, what);
  }

  /** Says how the process ended, with the last line that it logged. */
  private String end() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return "closed its output";
      }
      String last =
          Files.readString(log, StandardCharsets.ISO_8859_1)
              .lines()
              .filter(line -> !line.isBlank())
              .reduce("", (earlier, later) -> later);
      return "ended with status "
          + process.exitValue()
          + (last.isEmpty() ? "" : ": " + ModelException.oneLine(last));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "ended";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the threads of the worker sleep: until it uses hardly any processor time. It has
   * none to use between two turns, but threads that spin.
   */
  void settle() throws EngineFailure {
    Duration before = processorTime();
    for (int i = 0; i < MOST_WATCHES; i++) {
      pause();
      Duration now = processorTime();
      if (now.minus(before).toNanos() < SPINNING * WATCH.toNanos()) {
        return;
      }
      before = now;
    }
    throw failure(
        "is still busy " + WATCH.multipliedBy(MOST_WATCHES).toSeconds() + " s after its turn");
  }

  private void pause() throws EngineFailure {
    try {
      Thread.sleep(WATCH);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private EngineFailure interrupted() {
    Thread.currentThread().interrupt();
    return failure("was waited for when this was interrupted");
  }

  private Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * Has the worker drop what it does not need: a JVM keeps garbage for as long as it may. G1 hands
   * the memory back a tenth of a second later, in steps.
   */
  void tidy() throws EngineFailure {
    ask(Worker.TIDY, Worker.TIDIED, PATIENCE);
    double least = Double.POSITIVE_INFINITY;
    int steady = 0;
    for (int i = 0; i < MOST_WATCHES && steady < STEADY_WATCHES; i++) {
      pause();
      double now = memory().orElse(0.0);
      steady = now < least ? 0 : steady + 1;
      least = Math.min(least, now);
    }
  }

  /** The memory that the worker has resident, in MiB; empty where it is not told. */
  Optional<Double> memory() {
    return status("VmRSS");
  }

  /** The most memory that the worker had resident so far, in MiB; empty where it is not told. */
  Optional<Double> peakMemory() {
    return status("VmHWM");
  }

  private Optional<Double> status(String field) {
    try {
      Path file = Path.of("/proc", String.valueOf(process.pid()), "status");
      Matcher size =
          Pattern.compile(field + ":\\s+(\\d+) kB")
              .matcher(Files.isReadable(file) ? Files.readString(file) : "");
      return size.find() ? Optional.of(Long.parseLong(size.group(1)) / 1024.0) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it has just ended
    }
  }

  /** Ends the worker: by the end of its input, or by force where that does not help. */
  @Override
  public void close() {
    try {
      commands.close();
    } catch (IOException e) {
      process.destroy(); // it reads no more
    }
    try {
      if (!process.waitFor(WATCH.multipliedBy(MOST_WATCHES).toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(log);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
