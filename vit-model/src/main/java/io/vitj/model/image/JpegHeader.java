package io.vitj.model.image;

import java.io.ByteArrayOutputStream;

/**
 * What of a JPEG file is not its entropy-coded data: size, components, the markers that decide the
 * colour space, and the EXIF orientation.
 */
final class JpegHeader {
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;

  private final byte[] data;
  private final ByteReader reader;
  private final ByteArrayOutputStream essentials;
  private int frame = -1;
  private boolean jfif;
  private int adobeTransform = -1;
  private int orientation = Orientation.NORMAL;

  private JpegHeader(byte[] data) {
    this.data = data;
    this.reader = new ByteReader(data);
    this.essentials = new ByteArrayOutputStream(data.length);
  }

  static JpegHeader parse(byte[] data) throws UnreadableImageException {
    JpegHeader header = new JpegHeader(data);
    header.parseSegments();
    if (header.frame < 0) {
      throw new UnreadableImageException("the JPEG header names no picture size");
    }
    return header;
  }

  int height() {
    return reader.u16(frame + 1);
  }

  int width() {
    return reader.u16(frame + 3);
  }

  int components() {
    return reader.u8(frame + 5);
  }

  /** The identifier of a component. */
  int componentId(int index) {
    return reader.u8(frame + 6 + 3 * index);
  }

  /** Whether a component has all the columns of the picture but half its rows. */
  boolean hasHalfTheRows(int index) {
    int columns = 0;
    int rows = 0;
    for (int i = 0; i < components(); i++) {
      int factors = reader.u8(frame + 7 + 3 * i);
      columns = Math.max(columns, factors >> 4);
      rows = Math.max(rows, factors & 0xf);
    }
    int factors = reader.u8(frame + 7 + 3 * index);
    return factors >> 4 == columns && 2 * (factors & 0xf) == rows;
  }

  /** Whether a JFIF marker was seen. */
  boolean jfif() {
    return jfif;
  }

  /** The transform of an Adobe marker, or −1 without one. */
  int adobeTransform() {
    return adobeTransform;
  }

  /** The EXIF orientation, 1 to 8. */
  int orientation() {
    return orientation;
  }

  /**
   * The file without its application and comment segments: profiles, thumbnails and metadata, which
   * decoding ignores and readers stumble over.
   */
  byte[] essentials() {
    return essentials.toByteArray();
  }

  private void parseSegments() throws UnreadableImageException {
    essentials.writeBytes(new byte[] {(byte) 0xff, (byte) SOI});
    int position = 2;
    while (true) {
      position = nextMarker(position);
      int marker = reader.u8(position - 1);
      if (marker == EOI) {
        throw new UnreadableImageException("the JPEG data ends before any picture");
      }
      if (marker == SOS) {
        essentials.write(data, position - 2, data.length - position + 2);
        return;
      }
      int length = reader.has(position, 2) ? reader.u16(position) : 0;
      if (length < 2 || !reader.has(position, length)) {
        throw new UnreadableImageException("the JPEG header is cut short or damaged");
      }
      segment(marker, position + 2, length - 2);
      boolean metadata = marker >= APP0 && marker <= APP15 || marker == COM;
      if (!metadata) {
        essentials.write(data, position - 2, length + 2);
      }
      position += length;
    }
  }

  /**
   * The place after the next marker that begins a segment; stuffing and stray bytes are skipped.
   */
  private int nextMarker(int from) throws UnreadableImageException {
    for (int i = from; i + 1 < data.length; i++) {
      int code = data[i + 1] & 0xff;
      boolean standalone = code == 0 || code == 1 || code == 0xff || code >= 0xd0 && code <= SOI;
      if (data[i] == (byte) 0xff && !standalone) {
        return i + 2;
      }
    }
    throw new UnreadableImageException("the JPEG header is cut short or damaged");
  }

  private void segment(int marker, int at, int length) throws UnreadableImageException {
    boolean startOfFrame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (startOfFrame) {
      requireDecodable(marker, at, length);
      frame = at;
    } else if (marker == APP0 && length >= 5 && reader.is(at, "JFIF\0")) {
      jfif = true;
    } else if (marker == APP1 && length >= 6 && reader.is(at, "Exif\0\0")) {
      orientation = Orientation.read(data, at + 6, length - 6);
    } else if (marker == APP14 && length >= 12 && reader.is(at, "Adobe")) {
      adobeTransform = reader.u8(at + 11);
    }
  }

  private void requireDecodable(int marker, int at, int length) throws UnreadableImageException {
    String process =
        switch (marker) {
          case 0xc0, 0xc1, 0xc2 -> null;
          case 0xc3 -> "lossless";
          case 0xc5, 0xc6, 0xc7 -> "hierarchical";
          default -> "arithmetic-coded";
        };
    if (process != null) {
      throw new UnreadableImageException(
          process + " JPEG is not supported; save it as baseline or progressive JPEG");
    }
    if (length < 6 || length < 6 + 3 * reader.u8(at + 5)) {
      throw new UnreadableImageException("the JPEG header is damaged");
    }
    if (reader.u8(at) != 8) {
      throw new UnreadableImageException(
          "JPEG of %d bits is not supported; save it with 8 bits".formatted(reader.u8(at)));
    }
  }
}
