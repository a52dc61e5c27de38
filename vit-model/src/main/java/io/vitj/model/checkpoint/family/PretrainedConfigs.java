package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How timm preprocesses photos for the weights that it publishes: {@code pretrained_cfg} by the
 * name of the architecture, and by its tag where that has another than the first. The table is
 * written by {@code tools/make_pretrained_cfgs.py}.
 */
final class PretrainedConfigs {
  private static final String TABLE = "pretrained.txt";
  private static final String COMMENT = "#";

  /** The name of an architecture ended so before timm had tags. */
  private static final String OLD_TAG = "_in21k";

  private static final int FINE_TUNED_SIZE = 384;

  private static final Map<String, String> SETTINGS = read(); // by name, one line each

  private PretrainedConfigs() {}

  private static Map<String, String> read() {
    Map<String, String> settings = new HashMap<>();
    String current = "";
    for (String line : text().lines().filter(l -> !l.startsWith(COMMENT)).toList()) {
      if (line.startsWith(" ")) {
        settings.put(line.strip(), current);
      } else {
        current = line;
      }
    }
    return settings;
  }

  private static String text() {
    try (InputStream in = PretrainedConfigs.class.getResourceAsStream(TABLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Finds the description of an architecture.
   *
   * @param name its name in timm, with or without a tag; with an unknown tag it is that of the
   *     architecture
   * @return crop, interpolation, mean and std; empty if timm has no such architecture
   */
  static Optional<ObjectNode> of(String name) {
    String architecture = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    String plain =
        architecture.endsWith(OLD_TAG)
            ? architecture.substring(0, architecture.length() - OLD_TAG.length())
            : architecture;
    String settings = SETTINGS.getOrDefault(name, SETTINGS.get(plain));
    return Optional.ofNullable(settings).map(PretrainedConfigs::description);
  }

  /**
   * Describes the preprocessing of Google's ViTs whose sizes timm has no name for, by the rule that
   * timm's cfgs of the others follow: from 384 pixels on the whole picture.
   *
   * @param config the model
   * @return crop, interpolation, mean and std
   */
  static ObjectNode ofGoogle(ViTConfig config) {
    String crop = config.imageHeight() >= FINE_TUNED_SIZE ? "1.0" : "0.9";
    return description(crop + " center bicubic 0.5 0.5 0.5 0.5 0.5 0.5");
  }

  private static ObjectNode description(String settings) {
    String[] fields = settings.split(" ", -1);
    ObjectNode description =
        JsonNodeFactory.instance
            .objectNode()
            .put("crop_pct", Double.parseDouble(fields[0]))
            .put("crop_mode", fields[1])
            .put("interpolation", fields[2]);
    for (int i = 0; i < 6; i++) {
      description.withArray(i < 3 ? "mean" : "std").add(Double.parseDouble(fields[3 + i]));
    }
    return description;
  }
}
