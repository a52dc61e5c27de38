package io.vitj.bench.peer;

import io.vitj.bench.ResultFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares engines on workloads, batches and numbers of threads, and reports. */
public final class PeersCommand {
  private final PeersOptions options;
  private final Launcher launcher;

  private PeersCommand(PeersOptions options) {
    this.options = options;
    this.launcher =
        new Launcher(options.python(), ResultFiles.module().resolve("src/peers/python/worker.py"));
  }

  /**
   * Reads the command line.
   *
   * @param args the options
   * @return the command
   * @throws IllegalArgumentException if an option is wrong
   */
  public static PeersCommand parse(List<String> args) {
    return new PeersCommand(PeersOptions.parse(args));
  }

  /**
   * Runs it.
   *
   * @return whether every engine was measured everywhere
   * @throws IOException if a file cannot be written
   */
  public boolean run() throws IOException {
    List<CaseResult> cases = new ArrayList<>();
    for (Workload workload : options.workloads()) {
      Path directory = Files.createTempDirectory("vitj-peers");
      try {
        workload.writeWeights(directory);
        for (int batch : options.batches()) {
          cases.addAll(compare(workload, directory, batch));
        }
      } finally {
        ScratchDirectory.delete(directory);
      }
    }
    PeerReport report = new PeerReport(options.effort().rounds(), cases);
    System.out.println("\nwritten: " + report.write(options.output()));
    report.draw(options.output()).forEach(file -> System.out.println("drawn: " + file));
    return cases.stream().flatMap(one -> one.engines().stream()).allMatch(Standing::counts);
  }

  private List<CaseResult> compare(Workload workload, Path directory, int batch)
      throws IOException {
    workload.writeInput(new Job(workload.kind(), directory, 1, batch), options.engines());
    List<CaseResult> cases = new ArrayList<>();
    for (int threads : options.threads()) {
      Job job = new Job(workload.kind(), directory, threads, batch);
      try (Contest contest = new Contest(options.effort(), options.neighbour())) {
        contest.run(launcher, options.engines(), job);
        CaseResult result = contest.result(workload, job);
        cases.add(result);
        result.engines().stream()
            .filter(Standing::counts)
            .forEach(standing -> System.out.print(PeerReport.row(result, standing)));
      }
    }
    return cases;
  }
}
