package io.vitj.model.image.vp8l;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Decodes one lossless picture. */
public final class Vp8lDecoder {
  private static final int SIGNATURE = 0x2f;
  private static final int TYPES = 4;

  private final BitReader in;
  private final PixelReader reader;
  private final List<Transform> transforms = new ArrayList<>();

  private Vp8lDecoder(BitReader in) {
    this.in = in;
    this.reader = new PixelReader(in);
  }

  /**
   * Decodes a picture.
   *
   * @param data holds the picture, which is the content of a WebP file's {@code VP8L} chunk
   * @param offset where it begins
   * @param length its bytes
   * @return R, G, B of each pixel, row after row; alpha is dropped
   * @throws IOException if the picture is cut short or malformed
   */
  public static byte[] decode(byte[] data, int offset, int length) throws IOException {
    BitReader in = new BitReader(data, offset, offset + length);
    if (in.bits(8) != SIGNATURE) {
      throw new IOException("not a VP8L picture");
    }
    int width = in.bits(14) + 1;
    int height = in.bits(14) + 1;
    in.bits(1); // whether alpha matters
    if (in.bits(3) != 0) {
      throw new IOException("an unknown version of VP8L");
    }
    return new Vp8lDecoder(in).decode(width, height);
  }

  private byte[] decode(int width, int height) throws IOException {
    int packedWidth = width;
    boolean[] seen = new boolean[TYPES];
    while (in.flag()) {
      int type = in.bits(2);
      if (seen[type]) {
        throw new IOException("a transform that occurs twice");
      }
      seen[type] = true;
      Transform transform = readTransform(type, packedWidth, height);
      transforms.add(transform);
      if (transform instanceof Transform.ColorIndexing indexing) {
        packedWidth = PixelReader.blocks(packedWidth, indexing.bits());
      }
    }
    int[] pixels = reader.read(packedWidth, height);
    for (Transform transform : transforms.reversed()) {
      pixels = transform.invert(pixels);
    }
    byte[] rgb = new byte[Math.multiplyExact(3 * width, height)];
    for (int i = 0, out = 0; i < pixels.length; i++, out += 3) {
      rgb[out] = (byte) (pixels[i] >> 16);
      rgb[out + 1] = (byte) (pixels[i] >> 8);
      rgb[out + 2] = (byte) pixels[i];
    }
    return rgb;
  }

  private Transform readTransform(int type, int width, int height) throws IOException {
    return switch (type) {
      case 0 -> {
        int bits = 2 + in.bits(3);
        yield new Transform.Prediction(width, bits, readBlocks(width, height, bits));
      }
      case 1 -> {
        int bits = 2 + in.bits(3);
        yield new Transform.CrossColor(width, bits, readBlocks(width, height, bits));
      }
      case 2 -> new Transform.SubtractGreen();
      default -> {
        int[] colors = reader.readSmall(in.bits(8) + 1, 1);
        for (int i = 1; i < colors.length; i++) {
          colors[i] = Predictors.add(colors[i], colors[i - 1]);
        }
        int count = colors.length;
        int bits = count > 16 ? 0 : count > 4 ? 1 : count > 2 ? 2 : 3;
        yield new Transform.ColorIndexing(width, height, bits, colors);
      }
    };
  }

  private int[] readBlocks(int width, int height, int bits) throws IOException {
    return reader.readSmall(PixelReader.blocks(width, bits), PixelReader.blocks(height, bits));
  }
}
