package io.vitj.model;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The golden cases among the test resources; {@code make_fixtures.py} beside them makes them. */
public final class Fixtures {
  /** The names of all cases. */
  public static final List<String> ALL =
      List.of(
          "timm-vit",
          "timm-vit-avgpool",
          "timm-deit-distilled",
          "hf-vit",
          "hf-vit-pooler",
          "hf-deit-distilled",
          "timm-deit3",
          "timm-dinov2-reg4",
          "timm-clip-quickgelu",
          "hf-dinov2",
          "hf-dinov2-registers",
          "hf-vit-mae-encoder",
          "hf-clip-vision",
          "original-dinov2-reg4",
          "original-deit3",
          "original-mae",
          "original-clip",
          "timm-dinov2-swiglu",
          "timm-beit",
          "timm-eva02",
          "timm-dinov3",
          "timm-siglip-map",
          "hf-beit",
          "hf-dinov3",
          "hf-siglip-vision",
          "original-eva02");

  private Fixtures() {}

  /**
   * Finds a case.
   *
   * @param name its name
   * @return its folder: a model as a hub has it, with {@code expected.safetensors}
   */
  public static Path path(String name) {
    return resource("goldens/" + name);
  }

  /**
   * Finds one of the formats in which the same small model lies; {@code make_formats.py} beside
   * them makes them.
   *
   * @param name its name
   * @return its folder
   */
  public static Path format(String name) {
    return resource("formats/" + name);
  }

  /**
   * Finds a model or tokenizer for texts; {@code tools/make_text_fixtures.py} makes them.
   *
   * @param name its name
   * @return its folder
   */
  public static Path text(String name) {
    return resource("text/" + name);
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
