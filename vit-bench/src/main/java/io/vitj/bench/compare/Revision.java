package io.vitj.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A built revision whose benchmarks can be run. */
final class Revision implements AutoCloseable {
  /** The name of what is checked out, with its changes. */
  static final String WORKING_TREE = ".";

  private final String name;
  private final Path repository;
  private final Path root;

  private Revision(String name, Path repository, Path root) {
    this.name = name;
    this.repository = repository;
    this.root = root;
  }

  /**
   * Builds a revision, of the working tree the classes that this JVM runs.
   *
   * @param name a commit, a branch, or {@value #WORKING_TREE}
   * @param repository the checkout
   */
  static Revision build(String name, Path repository) {
    if (name.equals(WORKING_TREE)) {
      return new Revision("working tree", repository, repository);
    }
    String hash = verify(name, repository);
    Path root = scratch().resolve("tree");
    git(repository, "worktree", "add", "--quiet", "--detach", root.toString(), hash);
    Revision revision = new Revision(name + " (" + hash.substring(0, 10) + ')', repository, root);
    try {
      revision.compile();
    } catch (ModelException e) {
      revision.close();
      throw new ModelException(name + " cannot be built: " + e.getMessage(), e);
    }
    return revision;
  }

  /** Finds the commit of a name, before anything is built. */
  static String verify(String name, Path repository) {
    if (name.equals(WORKING_TREE)) {
      return name;
    }
    try {
      return git(
          repository, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}");
    } catch (ModelException e) {
      throw new IllegalArgumentException("there is no revision '" + name + "'", e);
    }
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("vitj-compare");
    } catch (IOException e) {
      throw new ModelException("there is no place for a worktree: " + e.getMessage(), e);
    }
  }

  private static String git(Path repository, String... words) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    return Command.run(repository, Map.of(), command);
  }

  private void compile() {
    if (!Files.exists(root.resolve("vit-bench/pom.xml"))) {
      throw new ModelException("it has no vit-bench");
    }
    Command.run(
        root,
        Map.of("JAVA_HOME", System.getProperty("java.home")),
        List.of(
            "mvn",
            "-q",
            "-B",
            "-Dstyle.color=never",
            "-Dmaven.test.skip",
            "-pl",
            "vit-bench",
            "-am",
            "package"));
  }

  String name() {
    return name;
  }

  private List<String> jmh(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    Path target = root.resolve("vit-bench/target");
    command.add("--class-path");
    command.add(target.resolve("vit-bench.jar") + ":" + target.resolve("lib") + "/*");
    command.add("org.openjdk.jmh.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  /** Lists the benchmarks that regular expressions find. */
  List<String> benchmarks(List<String> regexes) {
    List<String> arguments = new ArrayList<>(List.of("-l"));
    arguments.addAll(regexes);
    String listed = Command.run(root, Map.of(), jmh(arguments.toArray(String[]::new)));
    return listed.lines().filter(line -> line.startsWith("io.vitj.")).map(String::strip).toList();
  }

  /**
   * Runs a benchmark in one fork for each set of parameters.
   *
   * @param benchmark its name
   * @param options JMH's options
   * @return the median time of each set of parameters
   */
  SortedMap<String, Double> run(String benchmark, List<String> options) {
    try {
      Path json = Files.createTempFile("vitj", ".json");
      try {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-f", "1", "-rf", "json", "-rff", json.toString()));
        arguments.add("^" + benchmark.replace(".", "\\.").replace("$", "\\$") + "$");
        Command.run(root, Map.of(), jmh(arguments.toArray(String[]::new)));
        return medians(new ObjectMapper().readTree(json.toFile()));
      } finally {
        Files.delete(json);
      }
    } catch (IOException e) {
      throw new ModelException("the results of " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads what JMH wrote: name and parameters, and the median of the samples. */
  static SortedMap<String, Double> medians(JsonNode results) {
    SortedMap<String, Double> medians = new TreeMap<>();
    for (JsonNode result : results) {
      JsonNode parameters = result.path("params");
      String text =
          StreamSupport.stream(new TreeSet<>(names(parameters)).spliterator(), false)
              .map(parameter -> parameter + '=' + parameters.get(parameter).asText())
              .collect(Collectors.joining(", "));
      String benchmark = result.get("benchmark").asText().replace("io.vitj.bench.", "");
      medians.put(
          (benchmark + ' ' + text).strip(),
          result.at("/primaryMetric/scorePercentiles/50.0").asDouble());
    }
    return medians;
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Removes the worktree. */
  @Override
  public void close() {
    if (!root.equals(repository)) {
      git(repository, "worktree", "remove", "--force", root.toString());
      try {
        Files.delete(root.getParent());
      } catch (IOException e) {
        throw new ModelException(root.getParent() + " cannot be deleted", e);
      }
    }
  }
}
