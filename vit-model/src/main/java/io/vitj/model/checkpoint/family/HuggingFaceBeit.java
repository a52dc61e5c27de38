package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.RelativePositions;
import io.vitj.model.RelativePositions.Resampling;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFields;
import java.util.List;

/**
 * {@code model_type} "beit" of Hugging Face's transformers (Bao et al., 2022): offsets between
 * patches instead of positions, and mean pooling with a norm behind it, or the class token with the
 * norm before. A model from pre-training has no pooling, and the last norm in its head.
 */
final class HuggingFaceBeit implements Family {
  private static final String CLASSIFIER = "BeitForImageClassification";
  private static final String PRETRAINING = "BeitForMaskedImageModeling";
  private static final String PREFIX = "beit.";
  private static final String LAYER = "{p}encoder.layer.{i}.";
  private static final String ATTENTION = LAYER + "attention.attention.";
  private static final String TABLE = "relative_position_bias_table";

  @Override
  public String name() {
    return "Hugging Face BEiT";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config)
        .architecture(List.of("BeitModel", CLASSIFIER, PRETRAINING));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    HuggingFaceConfig config = new HuggingFaceConfig(json);
    JsonFields fields = new JsonFields(json, "");
    boolean absolute = fields.bool("use_absolute_position_embeddings", false);
    boolean mean = fields.bool("use_mean_pooling", true);
    ViTConfigBuilder builder =
        config
            .encoder()
            .positions(absolute ? Positions.ALL_TOKENS : Positions.NONE)
            .relativePositions(relativePositions(fields))
            .qkvBias(QkvBias.QUERY_AND_VALUE)
            .layerScale(fields.number("layer_scale_init_value", 0.1) > 0)
            .pooling(mean ? Pooling.AVG : Pooling.TOKEN)
            .finalNorm(!mean)
            .fcNorm(mean);
    String architecture = architecture(json);
    if (architecture.equals(CLASSIFIER)) {
      builder.classes(config.classes());
    } else if (architecture.equals(PRETRAINING)) {
      builder.pooling(Pooling.NONE).finalNorm(true).fcNorm(false);
    }
    return builder.build();
  }

  private static RelativePositions relativePositions(JsonFields fields) {
    boolean shared = fields.bool("use_shared_relative_position_bias", false);
    boolean ofLayer = fields.bool("use_relative_position_bias", false);
    if (shared && ofLayer) {
      throw new ModelException(
          "use_relative_position_bias and use_shared_relative_position_bias are both true; vitj"
              + " implements one of them at a time");
    }
    return shared || ofLayer ? new RelativePositions(shared, Resampling.BILINEAR) : null;
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    boolean pretraining = config.pooling() == Pooling.NONE;
    return HuggingFaceEncoder.names(PREFIX)
        .tensor("blocks.{i}.attn.q_bias", ATTENTION + "query.bias")
        .tensor("blocks.{i}.attn.v_bias", ATTENTION + "value.bias")
        .tensor("blocks.{i}.attn." + TABLE, ATTENTION + "relative_position_bias." + TABLE)
        .tensor("rel_pos_bias." + TABLE, "{p}encoder.relative_position_bias." + TABLE)
        .tensor("blocks.{i}.ls1.gamma", LAYER + "lambda_1")
        .tensor("blocks.{i}.ls2.gamma", LAYER + "lambda_2")
        .layer("norm", pretraining ? "layernorm" : "{p}layernorm")
        .layer("fc_norm", "{p}pooler.layernorm")
        .layer("head", "classifier")
        .ignore("lm_head.*")
        // Follows from the size of the grid.
        .ignore(ATTENTION + "relative_position_bias.relative_position_index")
        .ignore("{p}encoder.relative_position_bias.relative_position_index");
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return new HuggingFaceConfig(config).labels(classes);
  }
}
