package io.vitj.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.json.JsonFields;

/**
 * timm's evaluation transform from a {@code pretrained_cfg}.
 *
 * <p>Source: timm {@code data/config.py} ({@code resolve_data_config}) and {@code
 * data/transforms_factory.py} ({@code transforms_imagenet_eval}).
 */
final class TimmTransform {
  private static final double DEFAULT_CROP = 0.875;

  private TimmTransform() {}

  static Preprocess defaults(int height, int width) {
    return parse(MissingNode.getInstance(), height, width, "timm's defaults");
  }

  static Preprocess parse(JsonNode config, int height, int width, String source) {
    JsonFields fields = new JsonFields(config, source + ": ");
    double[] mean = Settings.channels(fields, "mean", Statistics.IMAGENET.mean());
    double[] std = Settings.deviations(fields, "std", Statistics.IMAGENET.std());
    // timm takes 0 for absent.
    double share = fields.number("crop_pct", 0);
    if (share < 0) {
      throw fields.wrong("crop_pct", "above 0");
    }
    double crop = share == 0 ? DEFAULT_CROP : share;
    Filter filter =
        fields
            .text("interpolation")
            .map(
                name ->
                    Filter.ofName(name)
                        .orElseThrow(() -> fields.wrong("interpolation", Settings.FILTER_NAMES)))
            .orElse(Filter.BICUBIC);
    int resizedWidth = (int) Math.floor(width / crop);
    int resizedHeight = (int) Math.floor(height / crop);
    if (resizedWidth < 1 || resizedHeight < 1) {
      throw fields.wrong("crop_pct", "at most the input size");
    }
    String mode = fields.text("crop_mode").orElse("center");
    ResizeRule resize =
        switch (mode) {
          case "squash" -> new ResizeRule.Exact(resizedWidth, resizedHeight);
          case "border" -> new ResizeRule.KeepRatio(resizedWidth, resizedHeight, true);
          case "center" ->
              resizedWidth == resizedHeight
                  ? new ResizeRule.ShortestEdge(resizedWidth)
                  : new ResizeRule.KeepRatio(resizedWidth, resizedHeight, false);
          default -> throw fields.wrong("crop_mode", "center, squash or border");
        };
    // timm passes its interpolation to every resize but the one that covers a box.
    boolean covers = resize instanceof ResizeRule.KeepRatio box && !box.inside();
    return new Preprocess(
        resize,
        covers ? Filter.BILINEAR : filter,
        CropRule.TORCHVISION,
        width,
        height,
        mode.equals("border") ? color(mean) : new byte[3],
        Normalization.torchvision(mean, std),
        false);
  }

  /**
   * Describes a resizing and the crop after it.
   *
   * @param resize the rule
   * @param crop the size of the result
   * @return {@code crop_pct} and {@code crop_mode}
   */
  static ObjectNode describe(ResizeRule resize, ResizeRule.Size crop) {
    return switch (resize) {
      case ResizeRule.Exact exact -> cropped("squash", crop.width(), exact.width());
      case ResizeRule.KeepRatio box when box.inside() ->
          cropped("border", crop.width(), box.boxWidth());
      case ResizeRule.KeepRatio box -> cropped("center", crop.width(), box.boxWidth());
      case ResizeRule.ShortestEdge shortest ->
          cropped("center", Math.min(crop.width(), crop.height()), shortest.edge());
      case ResizeRule.ShortestEdgeWithin within ->
          cropped("center", Math.min(crop.width(), crop.height()), within.edge());
      case ResizeRule.Within within -> cropped("border", crop.width(), within.maxWidth());
      case ResizeRule.Keep keep -> cropped("center", 1, 1);
    };
  }

  private static ObjectNode cropped(String mode, int crop, int resized) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("crop_pct", (double) crop / resized)
        .put("crop_mode", mode);
  }

  private static byte[] color(double[] mean) {
    byte[] color = new byte[mean.length];
    for (int c = 0; c < color.length; c++) {
      color[c] = (byte) Math.rint(255 * mean[c]);
    }
    return color;
  }
}
