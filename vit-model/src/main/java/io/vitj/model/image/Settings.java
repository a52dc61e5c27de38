package io.vitj.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.json.JsonFields;
import java.util.Arrays;

/** The settings that timm and transformers write alike. */
final class Settings {
  static final String FILTER_NAMES = "nearest, bilinear, bicubic, box, hamming or lanczos";

  /** Beyond any model; 3 · MAX_EDGE² values still fit an array. */
  private static final int MAX_EDGE = 1 << 14;

  private static final int CHANNELS = 3;

  private Settings() {}

  /** One number per channel: a list of 3 or 1, or a number for all. */
  static double[] channels(JsonFields fields, String key, double[] absent) {
    if (!fields.has(key)) {
      return absent.clone();
    }
    JsonNode node = fields.object().path(key);
    double[] values = new double[CHANNELS];
    if (node.isNumber()) {
      Arrays.fill(values, node.doubleValue());
      return values;
    }
    if (!node.isArray() || node.size() != CHANNELS && node.size() != 1) {
      throw fields.wrong(key, "a number or a list of 3");
    }
    for (int c = 0; c < CHANNELS; c++) {
      JsonNode value = node.path(node.size() == 1 ? 0 : c);
      if (!value.isNumber()) {
        throw fields.wrong(key, "a number or a list of 3");
      }
      values[c] = value.doubleValue();
    }
    return values;
  }

  /** As {@link #channels}, none of them 0. */
  static double[] deviations(JsonFields fields, String key, double[] absent) {
    double[] values = channels(fields, key, absent);
    for (double value : values) {
      if (!(Math.abs(value) > 0)) {
        throw fields.wrong(key, "different from 0");
      }
    }
    return values;
  }

  /** A length in pixels, checked. */
  static int edge(JsonFields fields, String key, int value) {
    if (value < 1 || value > MAX_EDGE) {
      throw fields.wrong(key, "from 1 to " + MAX_EDGE);
    }
    return value;
  }
}
