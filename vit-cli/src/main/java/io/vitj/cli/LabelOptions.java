package io.vitj.cli;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that name classes for a model that compares images with texts. */
final class LabelOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--labels",
      paramLabel = "A,B,…",
      description =
          "Choose among these names instead of the model's own classes: zero-shot, with a CLIP or"
              + " SigLIP and its tokenizer.")
  private String labels;

  @Option(
      names = "--labels-file",
      paramLabel = "FILE",
      description = "The same, one name a line; names may hold commas then.")
  private Path file;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      description =
          "The sentence that a name is put into in place of {}, such as \"a photo of a {}.\""
              + " (default: the name alone).")
  private String template;

  /**
   * Returns the names.
   *
   * @return at least one; none if the classes are the model's own
   * @throws IOException if the file cannot be read
   * @throws ParameterException if the options contradict one another
   */
  List<String> labels() throws IOException {
    if (labels != null && file != null) {
      throw wrong("--labels and --labels-file name the classes twice");
    }
    if (labels == null && file == null) {
      if (template != null) {
        throw wrong("--template needs --labels or --labels-file");
      }
      return List.of();
    }
    return labels == null ? lines() : words();
  }

  private List<String> words() {
    List<String> names = Arrays.stream(labels.split(",", -1)).map(String::strip).toList();
    Require.that(!names.contains(""), spec, "--labels", '\'' + labels + '\'', "has an empty name");
    return names;
  }

  private List<String> lines() throws IOException {
    try {
      List<String> names =
          Files.readAllLines(file).stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
      if (names.isEmpty()) {
        throw new ModelException(file + ": names no label; put one on each line");
      }
      return names;
    } catch (CharacterCodingException e) {
      throw new ModelException(file + ": is not valid UTF-8", e);
    }
  }

  /**
   * Returns the sentence around a name.
   *
   * @return a text with {@code {}}
   * @throws ParameterException if it has no such place
   */
  String template() {
    String sentence = template == null ? "{}" : template;
    boolean hasPlace = sentence.contains("{}");
    Require.that(hasPlace, spec, "--template", '\'' + sentence + '\'', "has no {} for the name");
    return sentence;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
