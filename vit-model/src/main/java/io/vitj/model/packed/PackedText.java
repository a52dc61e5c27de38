package io.vitj.model.packed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ConfigJson;
import io.vitj.model.ModelException;
import io.vitj.model.TextConfig;
import io.vitj.model.TextTransformer;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.checkpoint.family.TextDirectory;
import io.vitj.model.text.NamedFiles;
import io.vitj.model.text.Tokenizer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The text tower in a packed file, with the files of its tokenizer as they were.
 *
 * @param model the text tower, on mapped memory
 * @param tokenizer its tokenizer
 */
public record PackedText(TextTransformer model, Tokenizer tokenizer) {
  private static final String CONFIG = "text_config";
  private static final String PARTS = "text.";
  private static final String FILES = "tokenizer/";

  /**
   * Packs the text tower of a model, if it has one with a tokenizer.
   *
   * @param model the model
   * @param json where to describe it
   * @param arena the owner of what is packed
   * @param parts where to record it
   */
  static void record(ModelDirectory model, ObjectNode json, Arena arena, RecordedParts parts) {
    Map<String, byte[]> files = tokenizer(model.directory());
    Optional<TextDirectory> tower = files.isEmpty() ? Optional.empty() : TextDirectory.of(model);
    tower.ifPresent(
        text -> {
          json.set(CONFIG, ConfigJson.write(text.config()));
          TextTransformer.of(text.config(), text.weights(), arena, parts.under(PARTS));
          files.forEach((name, bytes) -> parts.file(FILES + name, bytes));
        });
  }

  private static Map<String, byte[]> tokenizer(Path directory) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : Tokenizer.files()) {
      NamedFiles.in(directory)
          .read(name)
          .filter(bytes -> bytes.length > 0)
          .ifPresent(bytes -> files.put(name, bytes));
    }
    return files;
  }

  /** Tells whether a part belongs to the text tower that a header describes. */
  static boolean owns(PackedHeader header, String part) {
    return header.json().has(CONFIG) && (part.startsWith(PARTS) || part.startsWith(FILES));
  }

  /**
   * Maps the text tower of a packed file.
   *
   * @param file the file
   * @param arena the owner of the mapping, accessible to all threads that run the model
   * @return the text tower, which ends with the arena
   * @throws ModelException if there is none, or the file is damaged, of another version, or packed
   *     for other kernels
   */
  public static PackedText open(Path file, Arena arena) {
    return MappedParts.read(file, arena, PackedText::read);
  }

  private static PackedText read(MappedParts parts) {
    if (!parts.header().json().has(CONFIG)) {
      throw parts
          .damage()
          .refused(
              "has no text tower; a full CLIP or SigLIP that has its tokenizer beside it is packed"
                  + " with one");
    }
    TextConfig config = parts.config(CONFIG, TextConfig.class);
    TextTransformer model =
        TextTransformer.of(
            config, parts.weights(config.encoder()), Arena.ofAuto(), parts.under(PARTS));
    parts.requireAllAsked(name -> !name.startsWith(PARTS));
    return new PackedText(model, Tokenizer.load(new Files(parts)));
  }

  private record Files(MappedParts parts) implements NamedFiles {
    @Override
    public Path place() {
      return parts.damage().file();
    }

    @Override
    public Optional<byte[]> read(String name) {
      return parts.file(FILES + name);
    }
  }
}
