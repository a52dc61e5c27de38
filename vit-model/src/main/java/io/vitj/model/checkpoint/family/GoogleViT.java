package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.tensor.Shape;
import io.vitj.tensor.kernel.Activation;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The checkpoints that Google published, as Flax names and lays them out: those of the ViT papers
 * (google-research/vision_transformer) and of big_vision, whose later ones count the layers of a
 * block otherwise, have no module around the positions, and may stack the blocks in one array.
 *
 * <p>There is no config: everything is in the shapes, but for what timm runs all of these weights
 * with, layer norms with ε = 10⁻⁶ and the exact GELU.
 */
final class GoogleViT implements Family {
  /**
   * Where programs put the parameters: big_vision's towers and training states, Flax's optimizer.
   */
  private static final List<String> PREFIXES = List.of("params/img/", "params/", "opt/target/", "");

  private static final List<String> POSITIONS =
      List.of(
          "pos_embedding", "Transformer/posembed_input/pos_embedding", "Transformer/pos_embedding");

  private static final String PATCHES = "embedding/kernel";
  private static final String STACKED = "Transformer/encoderblock/";
  private static final String PRE_LOGITS = "pre_logits";

  private final CheckpointFile file;
  private final String prefix;
  private final boolean stacked;

  /** Names inside a block: big_vision counts each kind of layer from 0, the papers' code all. */
  private final String attention;

  private final String mlp;
  private final String norm2;

  /**
   * Takes a file.
   *
   * @param file the open file
   * @throws ModelException if it holds no ViT of Google's
   */
  GoogleViT(CheckpointFile file) {
    this.file = file;
    this.prefix =
        PREFIXES.stream()
            .filter(p -> file.tensors().containsKey(p + PATCHES))
            .findFirst()
            .orElseThrow(() -> new ModelException("has no array " + PATCHES + ": it is no ViT"));
    for (String other : List.of("conv_root/kernel", "MAPHead_0/probe", "probe")) {
      if (has(other)) {
        throw new ModelException(
            "has the array "
                + prefix
                + other
                + ": a ResNet in front of the encoder and attention"
                + " pooling behind it are not implemented for .npz files");
      }
    }
    this.stacked = has(STACKED + "LayerNorm_0/scale");
    boolean bigVision = has(block("0") + "MultiHeadDotProductAttention_0/query/kernel");
    this.attention =
        bigVision ? "MultiHeadDotProductAttention_0/" : "MultiHeadDotProductAttention_1/";
    this.mlp = bigVision ? "MlpBlock_0/" : "MlpBlock_3/";
    this.norm2 = bigVision ? "LayerNorm_1" : "LayerNorm_2";
  }

  private boolean has(String name) {
    return file.tensors().containsKey(prefix + name);
  }

  private String block(String index) {
    return stacked ? STACKED : "Transformer/encoderblock_" + index + '/';
  }

  @Override
  public String name() {
    return "Google ViT";
  }

  /**
   * {@inheritDoc}
   *
   * <p>The file does not say: it is the preset of the same sizes.
   */
  @Override
  public String architecture(ObjectNode config) {
    ViTConfig own = config(config, file);
    return Presets.names().stream()
        .filter(name -> isLike(Presets.config(name), own))
        .findFirst()
        .orElse("ViT");
  }

  private static boolean isLike(ViTConfig preset, ViTConfig own) {
    return preset.width() == own.width()
        && preset.depth() == own.depth()
        && preset.heads() == own.heads()
        && preset.mlpHidden() == own.mlpHidden()
        && preset.patch() == own.patch()
        && preset.imageHeight() == own.imageHeight();
  }

  @Override
  public ViTConfig config(ObjectNode config, CheckpointFile checkpoint) {
    int[] patches = dims(PATCHES, 4);
    if (patches[0] != patches[1]) {
      throw new ModelException(
          prefix
              + PATCHES
              + " has patches of "
              + patches[0]
              + " x "
              + patches[1]
              + "; vitj reads square ones");
    }
    int[] query = blockDims(attention + "query/kernel", 3);
    boolean classToken = has("cls");
    ViTConfigBuilder builder =
        ViTConfig.builder()
            .patch(patches[0])
            .channels(patches[2])
            .patchBias(has("embedding/bias"))
            .width(patches[3])
            .depth(depth())
            .heads(query[1])
            .qkvBias(has(block("0") + attention + "query/bias"))
            .mlpHidden(blockDims(mlp + "Dense_0/kernel", 2)[1])
            .classToken(classToken)
            .pooling(classToken ? Pooling.TOKEN : Pooling.AVG)
            .activation(Activation.GELU_ERF)
            .layerNormEps(1e-6f)
            .classes(has("head/kernel") ? dims("head/kernel", 2)[1] : 0);
    if (has(PRE_LOGITS + "/kernel")) {
      builder.poolerWidth(dims(PRE_LOGITS + "/kernel", 2)[1]).poolerActivation(Activation.TANH);
    }
    addPositions(builder, patches[0], classToken);
    return builder.build();
  }

  private int depth() {
    if (stacked) {
      return dims(STACKED + "LayerNorm_0/scale", 2)[0];
    }
    return (int)
        IntStream.iterate(0, i -> i + 1)
            .takeWhile(i -> has(block(String.valueOf(i)) + "LayerNorm_0/scale"))
            .count();
  }

  /** The table has a row for each patch, and in the papers' code one before them for the token. */
  private void addPositions(ViTConfigBuilder builder, int patch, boolean classToken) {
    int[] table = positions().dims();
    long rows = 1;
    for (int axis = 0; axis < table.length - 1; axis++) {
      rows *= table[axis];
    }
    int height = table.length == 3 && table[0] > 1 ? table[0] : side(rows);
    boolean withToken = height == 0 && classToken;
    height = withToken ? side(rows - 1) : height;
    if (height == 0) {
      throw new ModelException(positionsName() + " " + positions() + " fits no square of patches");
    }
    builder
        .imageHeight(pixels(height, patch))
        .imageWidth(pixels(rows / height, patch))
        .positions(classToken && !withToken ? Positions.PATCHES_ONLY : Positions.ALL_TOKENS);
  }

  /** Returns the side of a square of so many patches, 0 if there is none. */
  private static int side(long patches) {
    int side = (int) Math.sqrt((double) patches);
    return (long) side * side == patches ? side : 0;
  }

  /** Returns the pixels of a side; an absurd number, which no config takes, for absurd patches. */
  private static int pixels(long patches, int patch) {
    return (int) Math.min(Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, patches) * patch);
  }

  private String positionsName() {
    return POSITIONS.stream()
        .filter(this::has)
        .findFirst()
        .map(name -> prefix + name)
        .orElseThrow(
            () ->
                new ModelException(
                    "has none of the arrays "
                        + String.join(", ", POSITIONS)
                        + "; vitj reads learned positions"));
  }

  private Shape positions() {
    Shape shape = file.tensors().get(positionsName()).shape();
    if (shape.rank() != 2 && shape.rank() != 3) {
      throw new ModelException(positionsName() + " " + shape + " is no table of positions");
    }
    return shape;
  }

  private int[] dims(String name, int rank) {
    StoredTensor tensor =
        Optional.ofNullable(file.tensors().get(prefix + name))
            .orElseThrow(() -> new ModelException("has no array " + prefix + name));
    if (tensor.shape().rank() != rank) {
      throw new ModelException(
          prefix + name + " " + tensor.shape() + " should have " + rank + " axes");
    }
    return tensor.shape().dims();
  }

  /** Returns the extents of an array of one block. */
  private int[] blockDims(String name, int rank) {
    int[] dims = dims(block("0") + name, stacked ? rank + 1 : rank);
    return stacked ? IntStream.of(dims).skip(1).toArray() : dims;
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    int d = config.width();
    NameTable names = NameTable.withPrefixes(prefix);
    if (!prefix.isEmpty()) {
      names.ignoreOthers();
    }
    UnaryOperator<Transform> whole = UnaryOperator.identity();
    names
        .tensor("cls_token", "{p}cls")
        .tensor(
            "pos_embed",
            FlaxTransform.reshaped(positions()),
            "{p}" + positionsName().substring(prefix.length()))
        .tensor(
            "patch_embed.proj.weight",
            new FlaxTransform(
                Shape.of(config.patch(), config.patch(), config.channels(), d), 3, 2, 0, 1),
            "{p}" + PATCHES)
        .tensor("patch_embed.proj.bias", "{p}embedding/bias");
    norm(names, whole, "norm", "{p}Transformer/encoder_norm");
    dense(names, whole, "pooler.dense", "{p}" + PRE_LOGITS, d, config.poolerWidth());
    dense(names, whole, "head", "{p}head", config.embeddingWidth(), config.classes());
    addBlock(names, config);
    return names;
  }

  private void addBlock(NameTable names, ViTConfig config) {
    int d = config.width();
    int heads = config.heads();
    int headWidth = config.headWidth();
    UnaryOperator<Transform> part =
        stacked ? t -> new StackedTransform(config.depth(), 0, t) : UnaryOperator.identity();
    String source = "{p}" + block("{i}");
    norm(names, part, "blocks.{i}.norm1", source + "LayerNorm_0");
    norm(names, part, "blocks.{i}.norm2", source + norm2);
    String[] projections =
        List.of("query", "key", "value").stream()
            .map(name -> source + attention + name)
            .toArray(String[]::new);
    names
        .tensor(
            "blocks.{i}.attn.qkv.weight",
            part.apply(new FlaxTransform(Shape.of(d, heads, headWidth), 1, 2, 0)),
            with("/kernel", projections))
        .tensor(
            "blocks.{i}.attn.qkv.bias",
            part.apply(FlaxTransform.reshaped(Shape.of(heads, headWidth))),
            with("/bias", projections))
        .tensor(
            "blocks.{i}.attn.proj.weight",
            part.apply(new FlaxTransform(Shape.of(heads, headWidth, d), 2, 0, 1)),
            source + attention + "out/kernel")
        .tensor(
            "blocks.{i}.attn.proj.bias",
            part.apply(Transform.AS_STORED),
            source + attention + "out/bias");
    dense(names, part, "blocks.{i}.mlp.fc1", source + mlp + "Dense_0", d, config.mlpHidden());
    dense(names, part, "blocks.{i}.mlp.fc2", source + mlp + "Dense_1", config.mlpHidden(), d);
  }

  private static String[] with(String leaf, String... sources) {
    return List.of(sources).stream().map(source -> source + leaf).toArray(String[]::new);
  }

  private static void norm(
      NameTable names, UnaryOperator<Transform> part, String name, String source) {
    names
        .tensor(name + ".weight", part.apply(Transform.AS_STORED), source + "/scale")
        .tensor(name + ".bias", part.apply(Transform.AS_STORED), source + "/bias");
  }

  private static void dense(
      NameTable names,
      UnaryOperator<Transform> part,
      String name,
      String source,
      int inputs,
      int outputs) {
    names
        .tensor(
            name + ".weight",
            part.apply(new FlaxTransform(Shape.of(inputs, outputs), 1, 0)),
            source + "/kernel")
        .tensor(name + ".bias", part.apply(Transform.AS_STORED), source + "/bias");
  }

  /**
   * {@inheritDoc}
   *
   * <p>The file has none; a config beside it may have them, as timm's or as Hugging Face's.
   */
  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return config.has("id2label")
        ? new HuggingFaceConfig(config).labels(classes)
        : new TimmFamily().labels(config, classes);
  }
}
