package io.vitj.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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

  private static byte[] color(double[] mean) {
    byte[] color = new byte[mean.length];
    for (int c = 0; c < color.length; c++) {
      color[c] = (byte) Math.rint(255 * mean[c]);
    }
    return color;
  }
}
