package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RgbImageTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void keepsColoursOfEveryType(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(1, 1, 0xff_c8_64_0a);
    image.setRGB(2, 1, 0xff_01_02_03);
    RgbImage rgb = RgbImage.of(image);
    assertThat(rgb.width()).isEqualTo(3);
    assertThat(rgb.height()).isEqualTo(2);
    assertThat(pixel(rgb, 1, 1)).isEqualTo(0xc8_64_0a);
    assertThat(pixel(rgb, 2, 1)).isEqualTo(0x01_02_03);
    assertThat(pixel(rgb, 0, 0)).isZero();
  }

  @Test
  void readsAPartWithoutCopyingTheWhole() {
    for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB}) {
      BufferedImage image = new BufferedImage(9, 7, type);
      image.setRGB(5, 4, 0x123456);
      RgbImage part = RgbImage.of(image.getSubimage(4, 3, 3, 2));
      assertThat(pixel(part, 1, 1)).isEqualTo(0x123456);
      assertThat(pixel(part, 0, 0)).isZero();
    }
  }

  @Test
  void dropsAlphaInsteadOfBlending() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00_11_22_33);
    assertThat(pixel(RgbImage.of(image), 0, 0)).isEqualTo(0x11_22_33);
  }

  @Test
  void takesGreyAsItIsStored() {
    BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int v = 0; v < 256; v++) {
      grey.getRaster().setSample(v, 0, 0, v);
    }
    RgbImage rgb = RgbImage.of(grey);
    for (int v = 0; v < 256; v++) {
      assertThat(pixel(rgb, v, 0)).isEqualTo(v << 16 | v << 8 | v);
    }
  }

  @Test
  void scalesSixteenBitGrey() {
    BufferedImage grey = new BufferedImage(4, 1, BufferedImage.TYPE_USHORT_GRAY);
    int[] values = {0, 128, 129, 65535};
    grey.getRaster().setPixels(0, 0, 4, 1, values);
    RgbImage rgb = RgbImage.of(grey);
    for (int x = 0; x < 4; x++) {
      assertThat(pixel(rgb, x, 0) & 0xff).isEqualTo((int) Math.rint(values[x] / 257.0));
    }
  }

  @Test
  void unpacksBitFieldsAsPillowDoes() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_565_RGB);
    image.getRaster().setPixel(0, 0, new int[] {16, 33, 31});
    assertThat(pixel(RgbImage.of(image), 0, 0))
        .isEqualTo(16 * 255 / 31 << 16 | 33 * 255 / 63 << 8 | 255);
  }

  @Test
  void looksPalettesUp() {
    byte[] red = {0, 10, 20, 30};
    byte[] green = {0, 11, 21, 31};
    byte[] blue = {0, 12, 22, 32};
    IndexColorModel palette = new IndexColorModel(2, 4, red, green, blue, 3);
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    for (int x = 0; x < 4; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }
    RgbImage rgb = RgbImage.of(image);
    assertThat(pixel(rgb, 2, 0)).isEqualTo(20 << 16 | 21 << 8 | 22);
    assertThat(pixel(rgb, 3, 0)).as("transparent").isEqualTo(30 << 16 | 31 << 8 | 32);
  }

  @Test
  void readsCustomTypes() {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 2);
    raster.setPixel(1, 0, new int[] {0x12ff, 0x3400, 0x5680, 0});
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_CUSTOM);
    assertThat(pixel(RgbImage.of(image), 1, 0)).isEqualTo(0x12_34_56);
  }

  @Test
  void goesToAwtAndBack() {
    RgbImage image = new RgbImage(2, 1, new byte[] {1, 2, 3, (byte) 253, (byte) 254, (byte) 255});
    assertThat(RgbImage.of(image.toBufferedImage()).pixels()).isEqualTo(image.pixels());
  }

  @Test
  void refusesSizesThatDoNotFit() {
    assertThatThrownBy(() -> new RgbImage(2, 2, new byte[11]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an image of 2×2 needs 12 bytes, not 11");
  }

  private static int pixel(RgbImage image, int x, int y) {
    int i = 3 * (y * image.width() + x);
    byte[] p = image.pixels();
    return (p[i] & 0xff) << 16 | (p[i + 1] & 0xff) << 8 | p[i + 2] & 0xff;
  }
}
