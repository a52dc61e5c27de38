package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import io.vitj.model.TextConfig;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.Shape;
import io.vitj.tensor.kernel.Activation;
import java.util.Set;

/**
 * The text tower of CLIP as OpenAI and open_clip store it (MetaCLIP too), beside the image tower of
 * {@link OriginalClip}. Sizes follow from the shapes, the number of heads from open_clip's config,
 * and without one from heads of 64.
 *
 * <p>Source: OpenAI CLIP {@code model.py} ({@code build_model}), open_clip {@code model.py} ({@code
 * CLIPTextCfg}).
 */
final class OriginalText {
  private static final int HEAD_WIDTH = 64;
  private static final String TOKENS = "token_embedding.weight";

  /** Where open_clip puts text towers that are modules of their own. */
  private static final String CUSTOM = "text.";

  /** What is read, is in the shapes, or changes nothing for a text; other settings must be off. */
  private static final Set<String> KNOWN =
      Set.of(
          "context_length",
          "vocab_size",
          "width",
          "heads",
          "layers",
          "mlp_ratio",
          "pool_type",
          "proj_type",
          "hf_tokenizer_name",
          "tokenizer_kwargs");

  private OriginalText() {}

  /**
   * Tells whether a file has such a tower.
   *
   * @param file the open file
   * @return whether its token embeddings are there
   */
  static boolean isIn(CheckpointFile file) {
    return file.tensors().containsKey(prefix(file) + TOKENS);
  }

  private static String prefix(CheckpointFile file) {
    return file.tensors().containsKey(CUSTOM + TOKENS) ? CUSTOM : "";
  }

  /**
   * Reads a config.
   *
   * @param json {@code text_cfg} of open_clip; missing if there is none
   * @param activation that of the MLPs
   * @param file the weights, which have such a tower
   * @return the text tower
   * @throws ModelException if it has what vitj does not compute
   */
  static TextConfig config(JsonNode json, Activation activation, CheckpointFile file) {
    JsonFields fields = new JsonFields(json, "text_cfg.");
    OpenClip.requireKnown(json, "text_cfg", KNOWN);
    requireLinear(fields);
    String prefix = prefix(file);
    Shape tokens = matrix(file, prefix + TOKENS);
    int width = tokens.dim(1);
    int depth = 0;
    while (file.tensors().containsKey(block(prefix, depth) + "ln_1.weight")) {
      depth++;
    }
    return new TextConfig(
        ViTConfig.builder()
            .patch(1)
            .imageHeight(matrix(file, prefix + "positional_embedding").dim(0))
            .imageWidth(1)
            .channels(1)
            .width(width)
            .depth(depth)
            .heads(fields.integer("heads", Math.max(width / HEAD_WIDTH, 1)))
            .mlpHidden(matrix(file, block(prefix, 0) + "mlp.c_fc.weight").dim(0))
            .classes(0)
            .classToken(false)
            .pooling(ViTConfig.Pooling.AVG)
            .layerNormEps(1e-5f)
            .activation(activation)
            .projectionWidth(matrix(file, prefix + "text_projection").dim(1))
            .build(),
        tokens.dim(0),
        true,
        TextConfig.Pooling.LARGEST_ID,
        0,
        false);
  }

  private static String block(String prefix, int index) {
    return prefix + "transformer.resblocks." + index + '.';
  }

  private static Shape matrix(CheckpointFile file, String name) {
    StoredTensor tensor = file.tensors().get(name);
    if (tensor == null || tensor.shape().rank() != 2) {
      throw new ModelException(
          "the text tower needs the matrix "
              + ModelException.quote(name)
              + (tensor == null
                  ? ", which is missing"
                  : ", which has the shape " + tensor.shape()));
    }
    return tensor.shape();
  }

  private static void requireLinear(JsonFields fields) {
    if (!fields.text("pool_type").orElse("argmax").equals("argmax")) {
      throw fields.wrong("pool_type", "\"argmax\"");
    }
    if (!fields.text("proj_type").orElse("linear").equals("linear")) {
      throw fields.wrong("proj_type", "\"linear\"");
    }
  }

  /**
   * Returns the names.
   *
   * @param config the text tower
   * @return a table for all its parameters
   */
  static NameTable names(TextConfig config) {
    Shape transposed = Shape.of(config.encoder().width(), config.embeddingWidth());
    return OriginalClip.blocks(NameTable.withPrefixes(CUSTOM, ""))
        .tensor("token_embed.weight", "{p}" + TOKENS)
        .tensor("pos_embed", Transform.UNBATCHED, "{p}positional_embedding")
        .layer("norm", "{p}ln_final")
        .tensor("projection.weight", new FlaxTransform(transposed, 1, 0), "{p}text_projection")
        .tensor("logit_scale", "logit_scale")
        .ignore("visual.*")
        .ignore("{p}attn_mask")
        .ignore("input_resolution")
        .ignore("context_length")
        .ignore("vocab_size");
  }
}
