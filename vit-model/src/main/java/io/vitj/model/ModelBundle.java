package io.vitj.model;

import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.checkpoint.family.ModelDirectory.Preprocessing;
import io.vitj.model.checkpoint.family.ModelDirectory.Preprocessing.Kind;
import io.vitj.model.image.Preprocess;
import io.vitj.model.packed.PackedFile;
import io.vitj.tensor.DType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A model as it comes from a hub, ready to run: the packed model, its preprocessing and its labels.
 * Shared by all threads until it is closed. A checkpoint is not held open; a packed file stays
 * mapped.
 */
public final class ModelBundle implements AutoCloseable {
  private final Path directory;
  private final String family;
  private final String architecture;
  private final List<String> labels;
  private final Preprocessing preprocessing;
  private final List<StoredTensor> tensors;
  private final Arena arena;
  private final VisionTransformer model;

  private ModelBundle(PackedFile source, Path file, Arena arena) {
    directory = file.toAbsolutePath().getParent();
    family = source.family();
    architecture = source.architecture();
    labels = source.labels();
    preprocessing = source.preprocessing();
    tensors = source.tensors();
    this.arena = arena;
    model = source.model();
  }

  private ModelBundle(ModelDirectory source, DType dtype, Arena arena) {
    directory = source.directory();
    family = source.family();
    architecture = source.architecture();
    labels = source.labels();
    preprocessing = source.preprocessing();
    tensors = List.copyOf(source.checkpoint().tensors().values());
    this.arena = arena;
    model = VisionTransformer.of(source.weights(), arena, PackedParts.made(dtype));
  }

  /**
   * Loads and packs a model, or maps one that is packed already.
   *
   * @param directory a directory with config.json, model.safetensors and, for Hugging Face's
   *     models, preprocessor_config.json; on any file system; or a {@code .vitj} file
   * @return the model, to be closed
   * @throws ModelException if something is missing, malformed or unknown, or contradicts another
   */
  public static ModelBundle load(Path directory) {
    return load(directory, null, null);
  }

  /**
   * Loads and packs a model whose weights may come without a config.
   *
   * @param model a directory as for {@link #load(Path)}, or a file of weights
   * @param architecture the name of the architecture in timm, with or without a tag, which takes
   *     the place of a {@code config.json}; null where the model says it itself
   * @param dtype how matrices are kept in memory, F32 or BF16 (half as much, each weight rounded to
   *     8 bits; computed in F32); null for F32, and as they are in a packed file
   * @return the model, to be closed
   * @throws ModelException if something is missing, malformed or unknown, or contradicts another
   */
  public static ModelBundle load(Path model, String architecture, DType dtype) {
    if (PackedFile.isNamed(model)) {
      requireNone(model, dtype);
      return mapped(model, architecture);
    }
    Arena arena = Arena.ofShared();
    try (ModelDirectory source = ModelDirectory.open(model, architecture)) {
      return new ModelBundle(source, dtype == null ? DType.F32 : dtype, arena);
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  /**
   * Refuses another type of the weights of a packed file.
   *
   * @param file the file
   * @param dtype the type; null for none
   * @throws ModelException if there is one
   */
  public static void requireNone(Path file, DType dtype) {
    if (dtype != null) {
      throw new ModelException(
          "%s: its weights are packed as they are; convert the model again with --dtype %s"
              .formatted(file, dtype.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static ModelBundle mapped(Path file, String architecture) {
    if (architecture != null) {
      throw new ModelException(file + ": says its architecture itself; name none");
    }
    Arena arena = Arena.ofShared();
    try {
      return new ModelBundle(PackedFile.open(file, arena), file, arena);
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  /**
   * Returns where the model was loaded from.
   *
   * @return the directory
   */
  public Path directory() {
    return directory;
  }

  /**
   * Returns the layout that the model came in.
   *
   * @return a name for people
   */
  public String family() {
    return family;
  }

  /**
   * Returns what the model was loaded from.
   *
   * @return the tensors of the file
   */
  public List<StoredTensor> tensors() {
    return tensors;
  }

  /**
   * Returns what is known about preprocessing, as it is described.
   *
   * @return the description that {@link #preprocess()} follows
   */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /**
   * Returns the name of the architecture in its own library.
   *
   * @return such as {@code ViTForImageClassification} or {@code vit_base_patch16_224}
   */
  public String architecture() {
    return architecture;
  }

  /**
   * Returns the names of the classes.
   *
   * @return one for each class, by index; none if the model has no classifier
   */
  public List<String> labels() {
    return labels;
  }

  /**
   * Reads how images become input. Whoever has pixel values already does not need it, so what is
   * wrong with it is reported here, not when the model is loaded.
   *
   * @return the preprocessing; timm's defaults where the model comes without a description. Its
   *     size is that of the model, but in families that run at any size (DINOv2 of Hugging Face),
   *     which then is the size to run the model {@link VisionTransformer#at}
   * @throws ModelException if the description cannot be followed, or contradicts the model
   */
  public Preprocess preprocess() {
    int height = model.config().imageHeight();
    int width = model.config().imageWidth();
    if (preprocessing.kind() != Kind.HUGGING_FACE) {
      return preprocess(height, width);
    }
    Preprocess preprocess = huggingFace();
    if (preprocessing.anySize()) {
      model.config().at(preprocess.height(), preprocess.width());
    } else if (preprocess.height() != height || preprocess.width() != width) {
      throw new ModelException(
          "%s: makes images of %d×%d pixels, but the model takes %d×%d; name an image size to run"
                  .formatted(
                      preprocessing.file(), preprocess.width(), preprocess.height(), width, height)
              + " it at");
    }
    return preprocess;
  }

  private Preprocess huggingFace() {
    return Preprocess.huggingFace(
        preprocessing.json(), preprocessing.modelType(), preprocessing.file().toString());
  }

  /**
   * Reads how images become input of a size: in timm's descriptions by timm's own rule, {@code
   * crop_pct} of that size; in Hugging Face's, whose processors have sizes of their own, {@link
   * Preprocess#at}.
   *
   * @param height height of the input in pixels
   * @param width width of the input in pixels
   * @return the preprocessing, for the model {@link VisionTransformer#at} that size
   * @throws ModelException if the patch does not divide a side, or the description cannot be
   *     followed
   */
  public Preprocess preprocess(int height, int width) {
    model.config().at(height, width);
    return switch (preprocessing.kind()) {
      case HUGGING_FACE -> huggingFace().at(height, width);
      case TIMM ->
          Preprocess.timm(preprocessing.json(), height, width, preprocessing.file().toString());
      case NONE -> Preprocess.defaults(height, width);
    };
  }

  /**
   * Returns the model.
   *
   * @return the packed model; it ends with this bundle
   */
  public VisionTransformer model() {
    return model;
  }

  /** Frees the weights. Sessions must not run any more. */
  @Override
  public void close() {
    arena.close();
  }
}
