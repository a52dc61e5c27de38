package io.vitj.model.image;

import io.vitj.model.image.vp8.Vp8Decoder;
import io.vitj.model.image.vp8l.Vp8lDecoder;
import java.io.IOException;

/**
 * The first frame of a WebP file. TwelveMonkeys' reader is no alternative: its lossy pictures
 * differ from libwebp's by up to 173 levels, and 38 damaged bytes of lossless ones keep it busy for
 * 12 s.
 *
 * <p>Source: RFC 9649 section 2 for the container.
 */
final class WebpDecoder {
  private static final int HEADER = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int FRAME_HEADER = 16;

  private final byte[] data;
  private final ByteReader reader;
  private final DecodeLimits limits;
  private int turn = Orientation.NORMAL;

  private WebpDecoder(byte[] data, DecodeLimits limits) {
    this.data = data;
    this.reader = new ByteReader(data).littleEndian();
    this.limits = limits;
  }

  static RgbImage decode(byte[] data, DecodeLimits limits, Orientation orientation)
      throws IOException {
    WebpDecoder decoder = new WebpDecoder(data, limits);
    RgbImage image = decoder.decode();
    return orientation == Orientation.UPRIGHT ? Orientation.apply(image, decoder.turn) : image;
  }

  private RgbImage decode() throws IOException {
    long end = CHUNK_HEADER + reader.u32(4);
    if (end > data.length) {
      throw cutShort();
    }
    if (!reader.is(HEADER, "VP8X")) {
      return bitstream(HEADER, end);
    }
    int width = u24(HEADER + CHUNK_HEADER + 4) + 1;
    int height = u24(HEADER + CHUNK_HEADER + 7) + 1;
    limits.check(width, height);
    RgbImage image = null;
    for (long at = HEADER; at + CHUNK_HEADER <= end; at = next(at, end)) {
      if (reader.is(at, "EXIF")) {
        readOrientation(at + CHUNK_HEADER, reader.u32(at + 4));
      } else if (image == null && reader.is(at, "ANMF")) {
        image = frame(at + CHUNK_HEADER, next(at, end), width, height);
      } else if (image == null && (reader.is(at, "VP8 ") || reader.is(at, "VP8L"))) {
        image = bitstream(at, end);
        requireSize(image, width, height);
      }
    }
    if (image == null) {
      throw new UnreadableImageException("the WebP data holds no picture");
    }
    return image;
  }

  /** The chunk after the one at a place. Contents are padded to an even length. */
  private long next(long at, long end) throws UnreadableImageException {
    long length = reader.u32(at + 4);
    long next = at + CHUNK_HEADER + length;
    if (next > end) {
      throw cutShort();
    }
    return next + (length & 1);
  }

  private void readOrientation(long at, long length) {
    // Some writers keep JPEG's prefix.
    int prefix = reader.is(at, "Exif\0\0") ? 6 : 0;
    if (reader.has(at, length) && length >= prefix) {
      turn = Orientation.read(data, (int) at + prefix, (int) length - prefix);
    }
  }

  /** The first frame of an animation on its canvas, which is black where the frame is not. */
  private RgbImage frame(long at, long end, int width, int height) throws IOException {
    int left = 2 * u24(at);
    int top = 2 * u24(at + 3);
    for (long chunk = at + FRAME_HEADER; chunk + CHUNK_HEADER <= end; chunk = next(chunk, end)) {
      if (reader.is(chunk, "VP8 ") || reader.is(chunk, "VP8L")) {
        RgbImage frame = bitstream(chunk, end);
        requireSize(frame, u24(at + 6) + 1, u24(at + 9) + 1);
        if (left + frame.width() > width || top + frame.height() > height) {
          throw new UnreadableImageException("the WebP data is damaged: a frame leaves its canvas");
        }
        return frame.width() == width && frame.height() == height
            ? frame
            : frame.placed(width, height, left, top, new byte[3]);
      }
    }
    throw new UnreadableImageException("the WebP data holds no picture");
  }

  private static void requireSize(RgbImage image, int width, int height)
      throws UnreadableImageException {
    if (image.width() != width || image.height() != height) {
      throw new UnreadableImageException(
          "the WebP data is damaged: a frame of %d×%d where %d×%d is announced"
              .formatted(image.width(), image.height(), width, height));
    }
  }

  private RgbImage bitstream(long at, long end) throws IOException {
    next(at, end);
    int from = (int) at + CHUNK_HEADER;
    int length = (int) reader.u32(at + 4);
    ByteReader content = new ByteReader(data, from, length).littleEndian();
    if (reader.is(at, "VP8L")) {
      long size = content.u32(1);
      int width = (int) (size & 0x3fff) + 1;
      int height = (int) (size >> 14 & 0x3fff) + 1;
      limits.check(width, height);
      return new RgbImage(width, height, Vp8lDecoder.decode(data, from, length));
    }
    if (!reader.is(at, "VP8 ")) {
      throw new UnreadableImageException("the WebP data holds no picture");
    }
    int width = content.u16(6) & 0x3fff;
    int height = content.u16(8) & 0x3fff;
    limits.check(width, height);
    return new RgbImage(width, height, Vp8Decoder.decode(data, from, length));
  }

  private int u24(long at) {
    return reader.u16(at) | reader.u8(at + 2) << 16;
  }

  private static UnreadableImageException cutShort() {
    return new UnreadableImageException(
        "the WebP data is cut short; fetch or save the picture again");
  }
}
