package io.vitj.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks of one package on some providers and reports them. */
final class SuiteCommand {
  private static final Set<String> SUITES = Set.of("kernel", "layer", "model", "peer");

  private final String suite;
  private final List<Provider> providers;
  private final String output;
  private final CommandLineOptions jmh;

  private SuiteCommand(
      String suite, List<Provider> providers, String output, CommandLineOptions jmh) {
    this.suite = suite;
    this.providers = providers;
    this.output = output;
    this.jmh = jmh;
  }

  static SuiteCommand parse(String... args) throws CommandLineOptionException {
    if (args.length == 0 || !SUITES.contains(args[0])) {
      throw new IllegalArgumentException(
          "name a suite first: kernel, layer, model, peer, peers, compare or charts");
    }
    List<Provider> providers = List.of(Provider.DEFAULT);
    String output = args[0];
    List<String> rest = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      switch (args[i]) {
        case "--providers" ->
            providers =
                Pattern.compile(",").splitAsStream(value(args, i++)).map(Provider::parse).toList();
        case "--output" -> output = value(args, i++);
        default -> rest.add(args[i]);
      }
    }
    return new SuiteCommand(
        args[0], providers, output, new CommandLineOptions(rest.toArray(String[]::new)));
  }

  private static String value(String[] args, int option) {
    if (option + 1 == args.length) {
      throw new IllegalArgumentException(args[option] + " needs a value");
    }
    return args[option + 1];
  }

  void run() throws RunnerException, IOException {
    if (jmh.shouldHelp()) {
      jmh.showHelp();
      return;
    }
    if (jmh.shouldList()) {
      new Runner(options(Provider.DEFAULT).build()).list();
      return;
    }
    List<Measurement> measurements = new ArrayList<>();
    for (Provider provider : providers) {
      for (RunResult result : new Runner(options(provider).build()).run()) {
        measurements.add(Measurement.of(result, provider.description()));
      }
    }
    Report report = new Report(suite, measurements);
    System.out.println();
    System.out.print(report.markdown());
    System.out.println("\nwritten: " + report.write(output));
    report.draw(output).forEach(file -> System.out.println("drawn: " + file));
  }

  private ChainedOptionsBuilder options(Provider provider) {
    List<String> jvmArgs = new ArrayList<>(jmh.getJvmArgsAppend().orElse(List.of()));
    jvmArgs.addAll(provider.jvmArgs());
    String inSuite = Pattern.quote(getClass().getPackageName() + '.' + suite + '.');
    return new OptionsBuilder()
        .parent(jmh)
        .shouldFailOnError(true)
        .jvmArgsAppend(jvmArgs.toArray(String[]::new))
        .addProfiler(RateProfiler.class)
        .addProfiler(GCProfiler.class)
        .exclude("^(?!" + inSuite + ")");
  }
}
