package io.vitj.model;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.tensor.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What timm calls an architecture: the name of one of its own, and the arguments that differ from
 * it. timm has no argument for ε of its norms; one that is less than 1e-6 away counts as equal.
 *
 * @param architecture the name
 * @param arguments {@code model_args}
 */
public record TimmEquivalent(String architecture, ObjectNode arguments) {
  private static final float EPSILON_DISTANCE = 1.001e-6f;

  private static final String MLP_RATIO = "mlp_ratio";

  /** Arguments that differ between tasks and inputs of one architecture. */
  private static final Set<String> OF_THE_TASK = Set.of("img_size", "num_classes", "global_pool");

  /** Arguments that every architecture has. */
  private static final Set<String> SIZES =
      Set.of(
          "img_size",
          "num_classes",
          "global_pool",
          "patch_size",
          "in_chans",
          "embed_dim",
          "depth",
          "num_heads",
          MLP_RATIO);

  /** Layer scales start there; the value has no effect on trained weights. */
  private static final double INIT_VALUES = 1e-5;

  /**
   * Finds the equivalent of a config.
   *
   * @param config the config
   * @param preferred the name that it should have, if that is one of timm's
   * @return the architecture that needs the fewest arguments, if timm has one at all
   */
  public static Optional<TimmEquivalent> of(ViTConfig config, String preferred) {
    Optional<ObjectNode> arguments = arguments(config);
    if (arguments.isEmpty()) {
      return Optional.empty();
    }
    Optional<TimmEquivalent> own = fewest(preferred, arguments.get(), config);
    if (own.isPresent()) {
      return own;
    }
    TimmEquivalent best = null;
    for (String name : Presets.names()) {
      Optional<TimmEquivalent> found = fewest(name, arguments.get(), config);
      if (found.isPresent()
          && (best == null || found.get().arguments.size() < best.arguments.size())) {
        best = found.get();
      }
    }
    return Optional.ofNullable(best);
  }

  private static Optional<TimmEquivalent> fewest(String name, ObjectNode all, ViTConfig config) {
    if (!Presets.isKnown(name)) {
      return Optional.empty();
    }
    // Models such as EVA build what others have arguments for: there only sizes are tried.
    for (Set<String> keys : List.of(OF_THE_TASK, SIZES, keys(all))) {
      ObjectNode some = all.deepCopy().retain(keys);
      some.retain(keys(some).stream().filter(Presets.arguments(name)::take).toList());
      for (double ratio : ratios(config)) {
        if (some.replace(MLP_RATIO, DoubleNode.valueOf(ratio)) == null) {
          some.remove(MLP_RATIO);
        }
        if (makes(name, some, config)) {
          return Optional.of(new TimmEquivalent(name, pruned(name, some, config)));
        }
      }
    }
    return Optional.empty();
  }

  private static Set<String> keys(ObjectNode arguments) {
    return arguments.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  private static ObjectNode pruned(String name, ObjectNode arguments, ViTConfig config) {
    ObjectNode fewest = arguments;
    List<String> keys = new ArrayList<>();
    arguments.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      ObjectNode without = fewest.deepCopy();
      without.remove(key);
      if (makes(name, without, config)) {
        fewest = without;
      }
    }
    return fewest;
  }

  private static boolean makes(String name, ObjectNode arguments, ViTConfig wanted) {
    try {
      ViTConfig made = Presets.arguments(name).with(arguments).config();
      return Math.abs(made.layerNormEps() - wanted.layerNormEps()) < EPSILON_DISTANCE
          && made.toBuilder()
              .layerNormEps(wanted.layerNormEps())
              .positionGrid(wanted.positionRows(), wanted.positionColumns())
              .positionResampling(wanted.positionResampling())
              .relativePositions(resampledAs(wanted, made.relativePositions()))
              .build()
              .equals(wanted);
    } catch (ModelException e) {
      return false; // unknown to vitj, or arguments that this architecture does not take
    }
  }

  /** How tables are resampled is of no account while there is nothing to resample. */
  private static RelativePositions resampledAs(ViTConfig wanted, RelativePositions made) {
    return made == null || wanted.relativePositions() == null
        ? made
        : new RelativePositions(made.shared(), wanted.relativePositions().resampling());
  }

  /** All arguments that a config is made with. */
  private static Optional<ObjectNode> arguments(ViTConfig c) {
    Optional<String> pooling = pooling(c.pooling());
    Optional<String> activation = activation(c.activation());
    if (pooling.isEmpty() || activation.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    if (c.imageHeight() == c.imageWidth()) {
      arguments.put("img_size", c.imageHeight());
    } else {
      arguments.putArray("img_size").add(c.imageHeight()).add(c.imageWidth());
    }
    arguments
        .put("patch_size", c.patch())
        .put("in_chans", c.channels())
        .put("num_classes", c.classes())
        .put("global_pool", pooling.get())
        .put("embed_dim", c.width())
        .put("depth", c.depth())
        .put("num_heads", c.heads())
        .put(MLP_RATIO, ratio(c.mlpHidden(), c.width()))
        .put("qkv_bias", c.qkvBias() != QkvBias.NONE)
        .put("class_token", c.classToken())
        .put("reg_tokens", c.registerTokens())
        .put("pre_norm", c.preNorm())
        .put("final_norm", c.finalNorm() || c.fcNorm())
        .put("fc_norm", c.fcNorm())
        .put("act_layer", activation.get())
        .put("pos_embed", c.positions() == Positions.NONE ? "none" : "learn")
        .put("no_embed_class", c.positions() == Positions.PATCHES_ONLY);
    if (c.layerScale()) {
      arguments.put("init_values", INIT_VALUES);
    } else {
      arguments.putNull("init_values");
    }
    return Optional.of(arguments);
  }

  /** Where gates and values are one layer, ViTs count the rows of both, and EVA those of one. */
  private static double[] ratios(ViTConfig c) {
    double one = ratio(c.mlpHidden(), c.width());
    return c.mlpKind() == MlpKind.SWIGLU
        ? new double[] {one, ratio(2 * c.mlpHidden(), c.width())}
        : new double[] {one};
  }

  /** timm multiplies and rounds down, so half a unit more makes the same width. */
  private static double ratio(int hidden, int width) {
    double exact = (double) hidden / width;
    return (int) (width * exact) == hidden ? exact : (hidden + 0.5) / width;
  }

  private static Optional<String> pooling(Pooling pooling) {
    return switch (pooling) {
      case NONE -> Optional.of("");
      case TOKEN -> Optional.of("token");
      case AVG -> Optional.of("avg");
      case ATTENTION -> Optional.of("map");
      case TOKEN_AND_AVG -> Optional.empty();
    };
  }

  private static Optional<String> activation(Activation activation) {
    return switch (activation) {
      case GELU_ERF -> Optional.of("gelu");
      case GELU_TANH -> Optional.of("gelu_tanh");
      case QUICK_GELU -> Optional.of("quick_gelu");
      case SILU -> Optional.of("silu");
      case RELU -> Optional.of("relu");
      case TANH, NONE -> Optional.empty();
    };
  }
}
