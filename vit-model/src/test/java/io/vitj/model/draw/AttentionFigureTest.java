package io.vitj.model.draw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.ImageRegion;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import io.vitj.model.pipeline.QueryToken;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttentionFigureTest {
  /** Where the photo begins in a figure: margin, then margin, title and gap. */
  private static final int LEFT = 16;

  private static final int TOP = 16 + 17 + 6;

  @TempDir private Path folder;

  private static RgbImage grey(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    Arrays.fill(pixels, (byte) 100);
    return new RgbImage(width, height, pixels);
  }

  /** A grid of 2 × 2, brightest at the upper left, over the middle of a photo of 600 × 500. */
  private static AttentionMap map(QueryToken token, float... values) {
    return new AttentionMap(token, 2, 2, values, new ImageRegion(100, 50, 400, 400));
  }

  private static AttentionFigure.Panel panel(AttentionMap map) {
    return new AttentionFigure.Panel("title", map);
  }

  private static int rgb(RgbImage figure, int x, int y) {
    return Canvas.rgb(figure, LEFT + x, TOP + y);
  }

  /** The photo is grey, so a pixel is the mixture of 100 and of the colour, by the share of it. */
  private static int mixed(double value) {
    return Canvas.mix(0x646464, ColourMap.INFERNO.rgb(value), 0.45 + value * 0.27);
  }

  @Test
  void coloursLieOnThePhotoWhereTheModelLooked() {
    AttentionMap map = map(QueryToken.CLASS, 0.5f, 0, 0, 0.25f);
    RgbImage figure = AttentionFigure.draw(grey(600, 500), List.of(panel(map)), ColourMap.INFERNO);
    // The corners of the region are beyond the centres of the outer cells.
    assertThat(rgb(figure, 105, 55)).isEqualTo(mixed(1));
    assertThat(rgb(figure, 494, 55)).isEqualTo(mixed(0));
    assertThat(rgb(figure, 105, 444)).isEqualTo(mixed(0));
    assertThat(Canvas.rgb(figure, LEFT + 494, TOP + 444)).isNotEqualTo(mixed(0));
    assertThat(figure.width()).isEqualTo(600 + 2 * LEFT);
  }

  @Test
  void whatTheModelDoesNotSeeIsDarkAndHatchedBehindALine() {
    AttentionMap map = map(QueryToken.CLASS, 1, 0, 0, 0);
    RgbImage figure = AttentionFigure.draw(grey(600, 500), List.of(panel(map)), ColourMap.INFERNO);
    assertThat(rgb(figure, 10, 10)).isEqualTo(0x323232); // half of 100
    assertThat(rgb(figure, 9, 9)).isEqualTo(Canvas.mix(0x323232, 0xffffff, 0.2));
    assertThat(rgb(figure, 100, 200)).isEqualTo(0xffffff);
    assertThat(rgb(figure, 99, 200)).isNotEqualTo(0xffffff);
    assertThat(rgb(figure, 499, 200)).isEqualTo(0xffffff);
    assertThat(rgb(figure, 300, 449)).isEqualTo(0xffffff);
  }

  @Test
  void aMapOfTheWholePhotoHasNoLine() {
    AttentionMap map =
        new AttentionMap(
            QueryToken.CLASS, 1, 2, new float[] {1, 0}, new ImageRegion(0, 0, 600, 500));
    RgbImage figure = AttentionFigure.draw(grey(600, 500), List.of(panel(map)), ColourMap.INFERNO);
    assertThat(rgb(figure, 0, 0)).isEqualTo(mixed(1));
    assertThat(rgb(figure, 599, 499)).isEqualTo(mixed(0));
  }

  @Test
  void equalValuesHaveTheFirstColour() {
    AttentionMap map = map(QueryToken.CLASS, 0.1f, 0.1f, 0.1f, 0.1f);
    RgbImage figure = AttentionFigure.draw(grey(600, 500), List.of(panel(map)), ColourMap.INFERNO);
    assertThat(rgb(figure, 300, 250)).isEqualTo(mixed(0));
  }

  @Test
  void thePatchThatAsksHasAFrame() {
    AttentionMap map = map(QueryToken.at(400, 100), 0, 0, 0, 0);
    RgbImage figure = AttentionFigure.draw(grey(600, 500), List.of(panel(map)), ColourMap.INFERNO);
    // Its cell is x 300 to 500, y 50 to 250.
    assertThat(rgb(figure, 300, 150)).isEqualTo(0xffffff);
    assertThat(rgb(figure, 299, 150)).isZero();
    assertThat(rgb(figure, 301, 150)).isZero();
    assertThat(rgb(figure, 400, 249)).isEqualTo(0xffffff);
    assertThat(rgb(figure, 200, 150)).isEqualTo(mixed(0));
  }

  @Test
  void photosAreScaledToAUsefulSize() {
    AttentionMap small =
        new AttentionMap(QueryToken.CLASS, 1, 1, new float[] {1}, new ImageRegion(0, 0, 28, 14));
    RgbImage figure = AttentionFigure.draw(grey(28, 14), List.of(panel(small)), ColourMap.GREY);
    assertThat(figure.width()).isEqualTo(448 + 2 * LEFT);
    AttentionMap large =
        new AttentionMap(QueryToken.CLASS, 1, 1, new float[] {1}, new ImageRegion(0, 0, 4096, 400));
    figure = AttentionFigure.draw(grey(4096, 400), List.of(panel(large)), ColourMap.GREY);
    assertThat(figure.width()).isEqualTo(1024 + 2 * LEFT);
  }

  @Test
  void panelsStandSideBySide() {
    AttentionMap first = map(QueryToken.CLASS, 1, 0, 0, 0);
    AttentionMap second = map(QueryToken.DISTILLATION, 0, 1, 0, 0);
    RgbImage figure =
        AttentionFigure.draw(
            grey(600, 500), List.of(panel(first), panel(second)), ColourMap.INFERNO);
    assertThat(figure.width()).isEqualTo(2 * 600 + 3 * LEFT);
    assertThat(rgb(figure, 105, 55)).isEqualTo(mixed(1));
    assertThat(rgb(figure, 600 + LEFT + 494, 55)).isEqualTo(mixed(1));
  }

  @Test
  void aSheetHasAPictureForEachMap() {
    RgbImage view = grey(224, 224);
    List<ContactSheet.Tile> tiles =
        List.of(
            new ContactSheet.Tile("layer 0, head 0", map(QueryToken.CLASS, 1, 0, 0, 0)),
            new ContactSheet.Tile("layer 0, head 1", map(QueryToken.CLASS, 0, 1, 0, 0)),
            new ContactSheet.Tile("layer 1, head 0", map(QueryToken.CLASS, 0, 0, 1, 0)));
    RgbImage sheet = ContactSheet.draw("class token", view, tiles, 2, ColourMap.INFERNO);
    int step = 192 + 8;
    int row = 192 + 2 * 17 + 8;
    int top = 16 + 17 + 8;
    assertThat(Canvas.rgb(sheet, 16 + 5, top + 5)).isEqualTo(mixed(1));
    assertThat(Canvas.rgb(sheet, 16 + step + 187, top + 5)).isEqualTo(mixed(1));
    assertThat(Canvas.rgb(sheet, 16 + 5, top + row + 187)).isEqualTo(mixed(1));
    assertThat(Canvas.rgb(sheet, 16 + step + 5, top + row + 5)).isEqualTo(Legend.PAPER);
  }

  @Test
  void theFileHoldsThePixels() {
    AttentionMap map = map(QueryToken.CLASS, 1, 0, 0, 0);
    RgbImage figure = AttentionFigure.draw(grey(600, 500), List.of(panel(map)), ColourMap.MAGMA);
    Path file = folder.resolve("figure.png");
    PngFile.write(figure, file);
    RgbImage read = ImageDecoder.decode(file, DecodeLimits.DEFAULT);
    assertThat(read.width()).isEqualTo(figure.width());
    assertThat(read.pixels()).isEqualTo(figure.pixels());
    assertThat(folder.toFile().list()).containsExactly("figure.png");
    assertThatThrownBy(() -> PngFile.write(figure, folder.resolve("no/figure.png")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("there is no folder");
  }
}
