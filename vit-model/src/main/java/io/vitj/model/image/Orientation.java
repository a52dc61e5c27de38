package io.vitj.model.image;

/**
 * Whether a camera's note of how it was held is applied. TIFF's own orientation tag is always
 * applied, as Pillow does on opening.
 */
public enum Orientation {
  /** Rows and columns as they are in the file: what Pillow, and so the reference, does. */
  AS_STORED,
  /**
   * Turned upright by the EXIF orientation of a JPEG, PNG or WebP: what viewers show, and what
   * Pillow's {@code ImageOps.exif_transpose} does.
   */
  UPRIGHT;

  /** The value of the tag for a picture that needs no change. */
  static final int NORMAL = 1;

  private static final int TAG = 0x0112;
  private static final int TYPE_SHORT = 3;

  /**
   * Reads the orientation of a TIFF structure, which EXIF data is.
   *
   * @return 1 to 8; 1 also if there is none or the data is damaged
   */
  static int read(byte[] data, int offset, int length) {
    ByteReader tiff = new ByteReader(data, offset, length);
    if (!tiff.has(0, 8)) {
      return NORMAL;
    }
    boolean little = tiff.u8(0) == 'I';
    ByteReader reader = little ? tiff.littleEndian() : tiff;
    long directory = reader.u32(4);
    if (!reader.has(directory, 2)) {
      return NORMAL;
    }
    int entries = reader.u16(directory);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (!reader.has(entry, 12)) {
        return NORMAL;
      }
      if (reader.u16(entry) == TAG && reader.u16(entry + 2) == TYPE_SHORT) {
        int value = reader.u16(entry + 8);
        return value >= 1 && value <= 8 ? value : NORMAL;
      }
    }
    return NORMAL;
  }

  /** Turns a stored picture upright. */
  static RgbImage apply(RgbImage image, int orientation) {
    if (orientation == NORMAL) {
      return image;
    }
    // 2 mirrored, 3 turned by 180°, 4 upside down; 5 to 8 the same with rows and columns exchanged.
    boolean transpose = orientation >= 5;
    boolean flipX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean flipY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int width = transpose ? image.height() : image.width();
    int height = transpose ? image.width() : image.height();
    byte[] source = image.pixels();
    byte[] result = new byte[source.length];
    for (int y = 0, out = 0; y < height; y++) {
      for (int x = 0; x < width; x++, out += 3) {
        int u = transpose ? y : x;
        int v = transpose ? x : y;
        int column = flipX ? image.width() - 1 - u : u;
        int row = flipY ? image.height() - 1 - v : v;
        int in = 3 * (row * image.width() + column);
        result[out] = source[in];
        result[out + 1] = source[in + 1];
        result[out + 2] = source[in + 2];
      }
    }
    return new RgbImage(width, height, result);
  }
}
