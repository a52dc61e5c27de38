package io.vitj.bench.peer;

import io.vitj.bench.Figure;
import io.vitj.bench.FmaPeak;
import io.vitj.bench.MemoryBandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares engines on one job: equal outputs first, then warm-up, then rounds. */
final class Contest implements AutoCloseable {
  private final Effort effort;
  private final boolean besideNeighbour;
  private final List<Contestant> contestants = new ArrayList<>();
  private final Map<EngineKind, String> failures = new TreeMap<>();
  private final List<Double> peaks = new ArrayList<>();
  private Double neighbour;

  /** Prepares a contest, with rounds beside a busy neighbour or without. */
  Contest(Effort effort, boolean besideNeighbour) {
    this.effort = effort;
    this.besideNeighbour = besideNeighbour;
  }

  /** Runs it to the end. An engine that fails is left out from then on. */
  void run(Launcher launcher, List<EngineKind> engines, Job job) {
    for (EngineKind engine : engines) {
      attempt(engine, () -> contestants.add(new Contestant(engine, launcher.start(engine, job))));
    }
    List.copyOf(contestants)
        .forEach(one -> attempt(one, () -> one.compare(contestants.getFirst())));
    List.copyOf(contestants).forEach(one -> attempt(one, () -> one.warmUp(effort)));
    FmaPeak.measure(job.threads()); // compiles it
    MemoryBandwidth.of(job.threads()); // beside nobody
    if (besideNeighbour) {
      try (Neighbour busy = Launcher.neighbour()) {
        rounds(job.threads());
        neighbour = busy.share();
      }
    } else {
      rounds(job.threads());
    }
    List.copyOf(contestants).forEach(one -> attempt(one, one::weigh));
  }

  private void rounds(int threads) {
    for (int round = 0; round < effort.rounds(); round++) {
      peaks.add(FmaPeak.measure(threads));
      List<Contestant> present = List.copyOf(contestants);
      for (int i : Turns.of(present.size(), round)) {
        attempt(present.get(i), () -> present.get(i).turn(effort));
      }
    }
  }

  /** Something that an engine does. */
  @FunctionalInterface
  private interface Step {
    void run() throws EngineFailure;
  }

  private void attempt(Contestant contestant, Step step) {
    if (!attempt(contestant.kind(), step)) {
      contestants.remove(contestant);
      contestant.close();
    }
  }

  private boolean attempt(EngineKind engine, Step step) {
    try {
      step.run();
      return true;
    } catch (EngineFailure e) {
      System.err.println("vit-bench: " + e.getMessage());
      failures.put(engine, e.getMessage());
      return false;
    }
  }

  /** Returns how each did. */
  CaseResult result(Workload workload, Job job) {
    double peak =
        peaks.isEmpty()
            ? Double.NaN
            : Figure.median(peaks.stream().mapToDouble(Double::doubleValue).toArray());
    long flops = workload.flops(job.batch());
    Contestant reference =
        contestants.stream().filter(one -> one.kind() == EngineKind.VITJ).findFirst().orElse(null);
    List<Standing> standings = new ArrayList<>();
    contestants.forEach(
        one -> standings.add(one.standing(reference, flops, peak, besideNeighbour)));
    failures.forEach((engine, what) -> standings.add(Standing.failed(engine.id(), what)));
    return new CaseResult(
        job.kind(),
        workload.label(),
        workload.pixels(),
        job.batch(),
        job.threads(),
        flops,
        workload.bytes(job.batch()),
        peak,
        MemoryBandwidth.of(job.threads()),
        neighbour,
        standings);
  }

  @Override
  public void close() {
    contestants.forEach(Contestant::close);
  }
}
