package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ImageRegionTest {
  private static ImageRegion region(String config, int width, int height) {
    try {
      return Preprocess.huggingFace(new ObjectMapper().readTree(config), "vit", "test")
          .region(width, height);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCentreCropOfTheResizedPictureIsScaledBack() {
    String config =
        "{\"image_processor_type\": \"CLIPImageProcessor\", \"size\": {\"shortest_edge\": 100},"
            + " \"crop_size\": {\"height\": 80, \"width\": 80}}";
    // 400×200 becomes 200×100, cropped at (60, 10).
    assertThat(region(config, 400, 200)).isEqualTo(new ImageRegion(120, 20, 160, 160));
  }

  @Test
  void aSqueezedPictureIsSeenAsAWhole() {
    String config =
        "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": 224, \"width\":"
            + " 224}}";
    ImageRegion region = region(config, 640, 427);
    assertThat(region.covers(640, 427)).isTrue();
    assertThat(region.covers(641, 427)).isFalse();
    assertThat(region.holds(0, 0)).isTrue();
    assertThat(region.holds(639, 426)).isTrue();
    assertThat(region.holds(640, 426)).isFalse();
  }

  @Test
  void paddingReachesBeyondThePicture() {
    String config =
        "{\"image_processor_type\": \"CLIPImageProcessor\", \"do_resize\": false,"
            + " \"crop_size\": {\"height\": 80, \"width\": 80}}";
    ImageRegion region = region(config, 40, 100);
    assertThat(region).isEqualTo(new ImageRegion(-20, 10, 80, 80));
    assertThat(region.covers(40, 100)).isFalse();
    assertThat(region).hasToString("x -20 to 59, y 10 to 89");
  }
}
