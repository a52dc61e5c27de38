package io.vitj.model.checkpoint.family;

import io.vitj.model.Parameter;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of one family: for each canonical name the names in the file and the transform between
 * them.
 *
 * <p>In the names, {@code {i}} stands for the index of a block, and {@code {p}} for a prefix that
 * the whole model may have in the file; the first of the family's prefixes that occurs in a file is
 * the one it uses.
 */
final class NameTable {
  private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");
  private static final Pattern BLOCK = Pattern.compile("(?<=^blocks\\.)\\d+(?=\\.)");

  /**
   * One row.
   *
   * @param transform from the sources to the canonical tensor
   * @param sources names in the file
   */
  private record Rule(Transform transform, List<String> sources) {}

  private final List<String> prefixes;
  private final Map<String, Rule> rules = new HashMap<>();
  private final List<String> ignored = new ArrayList<>();
  private boolean canonical;
  private boolean prefixedOnly;

  private NameTable(List<String> prefixes) {
    this.prefixes = prefixes;
  }

  /**
   * Starts an empty table.
   *
   * @param prefixes what the names of the whole model may begin with
   * @return the table
   */
  static NameTable withPrefixes(String... prefixes) {
    return new NameTable(List.of(prefixes));
  }

  /**
   * Makes a table in which every name that has no row stands for itself.
   *
   * @return the table
   */
  static NameTable canonical() {
    return canonical("");
  }

  /**
   * Makes a table in which every name that has no row stands for itself behind a prefix.
   *
   * @param prefix what the names of the whole model begin with
   * @return the table
   */
  static NameTable canonical(String prefix) {
    NameTable table = withPrefixes(prefix);
    table.canonical = true;
    return table;
  }

  /**
   * Adds a tensor that is stored as it is asked for.
   *
   * @param name the canonical name
   * @param source the name in the file
   * @return this table
   */
  NameTable tensor(String name, String source) {
    return tensor(name, Transform.AS_STORED, source);
  }

  /**
   * Adds a weight and a bias.
   *
   * @param name the canonical name of the layer
   * @param source its name in the file
   * @return this table
   */
  NameTable layer(String name, String source) {
    return tensor(name + ".weight", source + ".weight").tensor(name + ".bias", source + ".bias");
  }

  /**
   * Adds a weight and a bias whose rows lie apart in the file.
   *
   * @param name the canonical name of the layer
   * @param sources the names of its parts in the file, the first rows first
   * @return this table
   */
  NameTable joinedLayer(String name, String... sources) {
    for (String leaf : List.of(".weight", ".bias")) {
      String[] parts = Arrays.stream(sources).map(source -> source + leaf).toArray(String[]::new);
      tensor(name + leaf, Transform.JOINED, parts);
    }
    return this;
  }

  /**
   * Adds a tensor that is made from others.
   *
   * @param name the canonical name
   * @param transform from the sources to it
   * @param sources the names in the file
   * @return this table
   */
  NameTable tensor(String name, Transform transform, String... sources) {
    rules.put(name, new Rule(transform, List.of(sources)));
    return this;
  }

  /**
   * Lets a file hold tensors without the model's prefix, such as the state of an optimizer.
   *
   * @return this table
   */
  NameTable ignoreOthers() {
    prefixedOnly = true;
    return this;
  }

  /**
   * Lets a file hold tensors that are not used.
   *
   * @param source a name in the file; {@code {i}} stands for any number, {@code *} at the end for
   *     anything
   * @return this table
   */
  NameTable ignore(String source) {
    ignored.add(source);
    return this;
  }

  /**
   * Finds the weights of an architecture in a file.
   *
   * @param config the architecture
   * @param file the open file
   * @param configName where the config came from, for messages
   * @return the weights; they read from the file
   * @throws io.vitj.model.ModelException if tensors are missing, left over, of another shape or not
   *     floating-point; one message lists all
   */
  ViTWeights bind(ViTConfig config, CheckpointFile file, String configName) {
    return bind(config, config.parameters(), file, configName);
  }

  /**
   * Finds the weights of a model that has others than its encoder's.
   *
   * @param config the encoder
   * @param parameters all parameters
   * @param file the open file
   * @param configName where the config came from, for messages
   * @return the weights; they read from the file
   * @throws io.vitj.model.ModelException as above
   */
  ViTWeights bind(
      ViTConfig config, List<Parameter> parameters, CheckpointFile file, String configName) {
    String prefix = prefixOf(file);
    Mismatches mismatches = new Mismatches(file);
    Map<String, MappedWeights.Binding> bindings = new HashMap<>();
    Set<String> used = new HashSet<>();
    for (Parameter parameter : parameters) {
      MappedWeights.Binding binding = resolve(parameter, prefix);
      mismatches.check(binding);
      used.addAll(binding.sources());
      bindings.put(parameter.name(), binding);
    }
    for (String name : file.tensors().keySet()) {
      if (!used.contains(name) && !isIgnored(name, prefix)) {
        mismatches.unexpected(name);
      }
    }
    mismatches.throwIfAny(configName);
    return new MappedWeights(config, file, bindings);
  }

  /**
   * Finds the tensor in a file that a parameter is made from.
   *
   * @param parameter the parameter, of any shape
   * @param file the open file
   * @return the stored tensor; none if the file lacks it, or the parameter is made from several
   */
  Optional<StoredTensor> stored(Parameter parameter, CheckpointFile file) {
    List<String> sources = resolve(parameter, prefixOf(file)).sources();
    return sources.size() == 1
        ? Optional.ofNullable(file.tensors().get(sources.getFirst()))
        : Optional.empty();
  }

  /**
   * Names the tensor that a parameter is stored as.
   *
   * @param parameter a parameter that is made from one tensor
   * @return its name in a file, without a prefix
   */
  String source(Parameter parameter) {
    return resolve(parameter, "").sources().getFirst();
  }

  private String prefixOf(CheckpointFile file) {
    return prefixes.stream()
        .filter(p -> file.tensors().keySet().stream().anyMatch(name -> name.startsWith(p)))
        .findFirst()
        .orElse(prefixes.getFirst());
  }

  private MappedWeights.Binding resolve(Parameter parameter, String prefix) {
    Matcher block = BLOCK.matcher(parameter.name());
    boolean inBlock = block.find();
    String index = inBlock ? block.group() : "";
    Rule rule = rules.get(inBlock ? block.replaceFirst("{i}") : parameter.name());
    if (rule == null && canonical) {
      rule = new Rule(Transform.AS_STORED, List.of("{p}" + parameter.name()));
    }
    if (rule == null) {
      throw new IllegalStateException("no rule for " + parameter.name());
    }
    List<String> sources =
        rule.sources().stream().map(s -> s.replace("{p}", prefix).replace("{i}", index)).toList();
    Transform transform =
        inBlock ? rule.transform().ofBlock(Integer.parseInt(index)) : rule.transform();
    return new MappedWeights.Binding(parameter, transform, sources);
  }

  private boolean isIgnored(String name, String prefix) {
    if (prefixedOnly && !name.startsWith(prefix)) {
      return true;
    }
    String ofAnyBlock = NUMBER.matcher(name).replaceFirst("{i}");
    for (String pattern : ignored) {
      String source = pattern.replace("{p}", prefix);
      if (matches(name, source) || matches(ofAnyBlock, source)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String name, String pattern) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }
}
