package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.image.RgbImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFeaturesTest {
  private static ImageFeatures.Builder features(String model) {
    return ImageFeatures.builder(Fixtures.path(model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"timm-vit", "timm-vit-avgpool", "timm-deit-distilled"})
  void equalsTimmsIntermediates(String model) {
    for (boolean norm : new boolean[] {false, true}) {
      try (ImageFeatures features = features(model).allLayers().norm(norm).build()) {
        assertThat(features.layers()).containsExactly(0, 1);
        List<FeatureMap> maps = features.intermediates(Features.photoFile());
        assertThat(maps).hasSize(2);
        for (FeatureMap map : maps) {
          assertThat(map.height()).isEqualTo(3);
          assertThat(map.width()).isEqualTo(3);
          assertThat(map.channels()).isEqualTo(24);
          String of = norm ? "norm." : "";
          String layer = of + "layer." + map.layer();
          Features.assertClose(map.patches(), Features.expected(model, layer));
          String prefix = of + "prefix." + map.layer();
          Features.assertClose(map.prefix(), Features.expected(model, prefix));
        }
      }
    }
  }

  @Test
  void givesTheLayersAskedForInTheirOrder() {
    try (ImageFeatures last = ImageFeatures.load(Fixtures.path("timm-vit"));
        ImageFeatures both = features("timm-vit").layers(-1, 0, 1).build()) {
      assertThat(last.layers()).containsExactly(1);
      assertThat(both.layers()).containsExactly(0, 1);
      List<FeatureMap> maps = both.intermediates(Features.photo());
      assertThat(maps).extracting(FeatureMap::layer).containsExactly(0, 1);
      assertThat(last.intermediates(Features.photo()).getFirst().patches())
          .isEqualTo(maps.get(1).patches());
    }
  }

  @Test
  void anImageHasTheSameFeaturesInAnyBatch() {
    List<RgbImage> images = TestImages.random(5, 3);
    try (ImageFeatures features = features("timm-deit-distilled").maxBatch(2).build()) {
      List<List<FeatureMap>> together = features.intermediates(images);
      assertThat(together).hasSize(5);
      for (int i = 0; i < images.size(); i++) {
        FeatureMap alone = features.intermediates(images.get(i)).getFirst();
        assertThat(together.get(i).getFirst().patches()).isEqualTo(alone.patches());
        assertThat(together.get(i).getFirst().prefix()).isEqualTo(alone.prefix());
      }
    }
  }

  @Test
  void anotherInputSizeHasAnotherGrid() {
    try (ImageFeatures features = features("timm-vit").imageSize(32, 48).build()) {
      FeatureMap map = features.intermediates(Features.photo()).getFirst();
      assertThat(map.height()).isEqualTo(4);
      assertThat(map.width()).isEqualTo(6);
      assertThat(map.patches()).hasSize(4 * 6 * 24);
      assertThat(map.prefix()).hasSize(24);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, -3})
  void aLayerThatTheModelLacksIsRefused(int layer) {
    assertThatThrownBy(() -> features("timm-vit").layers(layer).build())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "there is no layer " + layer + ": this model has 2, 0 to 1 (or -2 to -1 from the end)");
  }
}
