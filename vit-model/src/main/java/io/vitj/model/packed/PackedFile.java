package io.vitj.model.packed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ConfigJson;
import io.vitj.model.ModelException;
import io.vitj.model.ViTConfig;
import io.vitj.model.VisionTransformer;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.checkpoint.StorageType;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.checkpoint.family.ModelDirectory.Preprocessing;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.DType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A model in the order in which the kernels read it, with labels and preprocessing, and with the
 * text tower and tokenizer of a full CLIP or SigLIP ({@link PackedText}). The file is mapped into
 * memory: loading it reads the header alone, and processes that run the same file share its pages.
 * It serves kernels of one layout ({@code -Dvitj.simd.bits}) and one version of vitj; the
 * checkpoint that it was converted from is what to keep.
 *
 * <p>The header is validated whole before anything in it is used; weights are not looked at. A file
 * must not be truncated or overwritten in place while it is mapped: {@code vit convert} replaces
 * it.
 *
 * @param family the layout that the model came in, for people
 * @param architecture the name of the architecture in its library
 * @param labels one label for each class
 * @param preprocessing what is known about preprocessing
 * @param model the model, on mapped memory
 * @param tensors what the file holds, in its order
 */
public record PackedFile(
    String family,
    String architecture,
    List<String> labels,
    Preprocessing preprocessing,
    VisionTransformer model,
    List<StoredTensor> tensors) {
  private static final String ENDING = ".vitj";

  private static final String FAMILY = "family";
  private static final String ARCHITECTURE = "architecture";
  private static final String CONFIG = "config";
  private static final String LABELS = "labels";
  private static final String PREPROCESSING = "preprocessing";
  private static final String KIND = "kind";
  private static final String DESCRIPTION = "description";
  private static final String MODEL_TYPE = "model_type";
  private static final String ANY_SIZE = "any_size";

  /**
   * Tells whether a path names a packed file.
   *
   * @param file the file; it need not exist
   * @return whether its name ends in {@code .vitj}
   */
  public static boolean isNamed(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(ENDING);
  }

  /**
   * Packs a model for the kernels of this JVM.
   *
   * @param model the model
   * @param dtype how matrices are stored, F32 or BF16
   * @param file the file to make or to replace
   * @throws ModelException if a weight cannot be used, or the file cannot be written; an old file
   *     is then still there
   */
  public static void write(ModelDirectory model, DType dtype, Path file) {
    OutputFile.requireWritable(file);
    try (Arena arena = Arena.ofConfined()) {
      RecordedParts parts = new RecordedParts(dtype);
      VisionTransformer.of(model.weights(), arena, parts);
      ObjectNode json = describe(model);
      PackedText.record(model, json, arena, parts);
      parts.write(json, file);
    }
  }

  private static ObjectNode describe(ModelDirectory model) {
    Preprocessing given = model.preprocessing();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(FAMILY, model.family()).put(ARCHITECTURE, model.architecture());
    json.set(CONFIG, ConfigJson.write(model.config()));
    model.labels().forEach(json.putArray(LABELS)::add);
    ObjectNode preprocessing = json.putObject(PREPROCESSING);
    preprocessing
        .put(KIND, given.kind().name())
        .put(MODEL_TYPE, given.modelType())
        .put(ANY_SIZE, given.anySize());
    if (given.json().isObject()) {
      preprocessing.set(DESCRIPTION, given.json());
    }
    return json;
  }

  /**
   * Maps a packed file.
   *
   * @param file the file
   * @param arena the owner of the mapping, accessible to all threads that run the model
   * @return the model, which ends with the arena
   * @throws ModelException if it is none, damaged, of another version, or packed for other kernels
   */
  public static PackedFile open(Path file, Arena arena) {
    return MappedParts.read(file, arena, PackedFile::read);
  }

  private static PackedFile read(MappedParts parts) {
    PackedHeader header = parts.header();
    Damage damage = parts.damage();
    JsonFields fields = new JsonFields(header.json(), "");
    ViTConfig config = parts.config(CONFIG, ViTConfig.class);
    List<String> labels = fields.texts(LABELS);
    if (!labels.isEmpty() && labels.size() != config.classes()) {
      throw damage.damaged("it has %d labels for %d classes", labels.size(), config.classes());
    }
    VisionTransformer model = VisionTransformer.of(parts.weights(config), Arena.ofAuto(), parts);
    parts.requireAllAsked(name -> PackedText.owns(header, name));
    return new PackedFile(
        fields.text(FAMILY).orElse(""),
        fields.text(ARCHITECTURE).orElse(""),
        List.copyOf(labels),
        preprocessing(new JsonFields(header.json().path(PREPROCESSING), PREPROCESSING), damage),
        model,
        stored(header));
  }

  private static Preprocessing preprocessing(JsonFields fields, Damage damage) {
    String name = fields.text(KIND).orElse("");
    for (Preprocessing.Kind kind : Preprocessing.Kind.values()) {
      if (kind.name().equals(name)) {
        JsonNode description = fields.object().path(DESCRIPTION);
        return new Preprocessing(
            kind,
            description,
            damage.file(),
            fields.text(MODEL_TYPE).orElse(""),
            fields.bool(ANY_SIZE, false));
      }
    }
    throw damage.damaged("it has the unknown preprocessing %s", ModelException.quote(name));
  }

  private static List<StoredTensor> stored(PackedHeader header) {
    List<StoredTensor> stored = new ArrayList<>();
    for (Part part : header.parts().values()) {
      if (part.kind() != Part.Kind.FILE) {
        stored.add(
            new StoredTensor(part.name(), StorageType.of(part.kind().dtype()), part.shape()));
      }
    }
    return List.copyOf(stored);
  }
}
