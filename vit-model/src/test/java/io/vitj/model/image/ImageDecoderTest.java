package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  private static final Path IMAGES = Goldens.folders().getFirst().resolve("images");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline420.jpg",
        "rgb.png",
        "palette.gif",
        "rgb.bmp",
        "rgb_lzw.tiff",
        "q90_m4.webp",
        "lossless.webp",
        "animated.webp"
      })
  void refusesMorePixelsThanTheLimitAllows(String name) {
    Path file = IMAGES.resolve(name);
    assertThat(ImageDecoder.decode(file, new DecodeLimits(37 * 29)).width()).isEqualTo(37);
    assertThatThrownBy(() -> ImageDecoder.decode(file, new DecodeLimits(37 * 29 - 1)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            file
                + ": 37×29 is more than the limit of 1,072 pixels; raise the limit if it is"
                + " wanted");
  }

  /** Headers that claim more than memory holds: what is allocated follows from them. */
  @ParameterizedTest
  @CsvSource({
    "rgb.png, 16, 0000ffff0000ffff",
    "palette.gif, 6, ffffffff",
    "lossless.webp, 21, ffffff0f",
    "q90_m4.webp, 26, ff3fff3f",
    "baseline420.jpg, 163, ffdcffdc",
  })
  void refusesHugePicturesByTheirHeader(String name, int offset, String hex) throws IOException {
    byte[] data = Files.readAllBytes(IMAGES.resolve(name));
    byte[] size = HexFormat.of().parseHex(hex);
    System.arraycopy(size, 0, data, offset, size.length);
    assertThatThrownBy(() -> ImageDecoder.decode(data, DecodeLimits.DEFAULT))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is more than the limit of 100,000,000 pixels");
  }

  @TestFactory
  Stream<DynamicTest> namesWhatItCannotRead() {
    return Stream.of(
            new String[] {"ftypheic", "HEIC/HEIF is not supported; convert it to JPEG, PNG, GIF"},
            new String[] {"ftypavif", "AVIF is not supported"},
            new String[] {"ftypisom", "MP4/QuickTime video is not supported"},
            new String[] {"<?xml version='1.0'?><svg>", "SVG is not supported"},
            new String[] {"<!DOCTYPE html>", "HTML (a web page, perhaps of an error) is not"},
            new String[] {"%PDF-1.7", "PDF is not supported"},
            new String[] {"8BPS", "Photoshop (PSD) is not supported"},
            new String[] {"\377\n", "JPEG XL is not supported"},
            new String[] {"P6 1 1", "Netpbm (PNM) is not supported"},
            new String[] {"hello, world", "not an image this can read; expected JPEG, PNG"},
            new String[] {"", "empty, 0 bytes; expected an image file"})
        .map(
            example ->
                DynamicTest.dynamicTest(example[1], () -> checkMessage(example[0], example[1])));
  }

  private static void checkMessage(String content, String message) {
    String box = content.startsWith("ftyp") ? "\0\0\0\30" : "";
    byte[] data = (box + content).getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(
            () ->
                ImageDecoder.decode(
                    new ByteArrayInputStream(data), "photo.xyz", DecodeLimits.DEFAULT))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("photo.xyz: " + message);
  }

  @Test
  void namesFilesThatCannotBeOpened() {
    assertThatThrownBy(() -> ImageDecoder.decode(folder.resolve("none.png"), DecodeLimits.DEFAULT))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("none.png: no such image file");
    assertThatThrownBy(() -> ImageDecoder.decode(folder, DecodeLimits.DEFAULT))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(": a directory, not an image file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline420.jpg",
        "progressive444.jpg",
        "rgb.png",
        "q90_m4.webp",
        "lossless.webp"
      })
  void noticesDataThatIsCutShort(String name) throws IOException {
    byte[] data = Files.readAllBytes(IMAGES.resolve(name));
    for (int cut : new int[] {20, data.length / 2}) {
      byte[] part = Arrays.copyOf(data, data.length - cut);
      assertThatThrownBy(() -> ImageDecoder.decode(part, DecodeLimits.DEFAULT))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("cut short");
    }
  }

  @Test
  void readsPathsStreamsAndBytesAlike() throws IOException {
    Path file = IMAGES.resolve("rgb.png");
    byte[] data = Files.readAllBytes(file);
    byte[] expected = ImageDecoder.decode(file, DecodeLimits.DEFAULT).pixels();
    assertThat(ImageDecoder.decode(data, DecodeLimits.DEFAULT).pixels()).isEqualTo(expected);
    assertThat(ImageDecoder.decode(new ByteArrayInputStream(data), DecodeLimits.DEFAULT).pixels())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"exif6.jpg, 6", "exif8.png, 8", "exif5.webp, 5"})
  void turnsUprightOnlyWhenAsked(String name, int orientation) {
    Path file = IMAGES.resolve(name);
    RgbImage stored = ImageDecoder.decode(file, DecodeLimits.DEFAULT);
    RgbImage upright = ImageDecoder.decode(file, DecodeLimits.DEFAULT, Orientation.UPRIGHT);
    assertThat(stored.width()).isEqualTo(37);
    assertThat(upright.width()).isEqualTo(29);
    assertThat(upright.pixels()).isEqualTo(Orientation.apply(stored, orientation).pixels());
  }

  /** The picture is rows "ab", "cd", "ef"; the results follow from the EXIF specification. */
  @ParameterizedTest
  @CsvSource({
    "1, abcdef", "2, badcfe", "3, fedcba", "4, efcdab",
    "5, acebdf", "6, ecafdb", "7, fdbeca", "8, bdface",
  })
  void orientations(int value, String expected) {
    byte[] pixels = new byte[18];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ('a' + i / 3);
    }
    RgbImage turned = Orientation.apply(new RgbImage(2, 3, pixels), value);
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < pixels.length; i += 3) {
      letters.append((char) turned.pixels()[i]);
    }
    assertThat(letters.toString()).isEqualTo(expected);
    assertThat(turned.width()).isEqualTo(value < 5 ? 2 : 3);
  }
}
