package io.vitj.model.image;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Decodes JPEG, PNG, GIF (first frame), BMP, TIFF (first page) and WebP (first frame) to RGB, as
 * Pillow's {@code Image.open(f).convert('RGB')} does: alpha is dropped, palettes are looked up,
 * embedded colour profiles are ignored. One exception: 16-bit grey is scaled by 1/257, where Pillow
 * clips it to white.
 *
 * <p>Every failure is a {@link ModelException} of one line that names the file. No temporary file
 * is written, but for TIFF with JPEG compression of the old style.
 */
public final class ImageDecoder {
  private ImageDecoder() {}

  /**
   * Decodes a file.
   *
   * @param file an encoded picture
   * @param limits what it may cost
   * @return the picture as it is stored
   * @throws ModelException if it cannot be read or decoded, or exceeds the limits
   */
  public static RgbImage decode(Path file, DecodeLimits limits) {
    return decode(file, limits, Orientation.AS_STORED);
  }

  /**
   * Decodes a file.
   *
   * @param file an encoded picture
   * @param limits what it may cost
   * @param orientation whether to turn the picture as its EXIF data says
   * @return the picture
   * @throws ModelException if it cannot be read or decoded, or exceeds the limits
   */
  public static RgbImage decode(Path file, DecodeLimits limits, Orientation orientation) {
    byte[] data;
    try {
      if (Files.isDirectory(file)) {
        throw new ModelException(file + ": a directory, not an image file");
      }
      data = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new ModelException(file + ": no such image file", e);
    } catch (AccessDeniedException e) {
      throw new ModelException(file + ": no permission to read this image file", e);
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new ModelException(file + ": larger than memory or than 2 GB", e);
    }
    return decode(data, file.toString(), limits, orientation);
  }

  /**
   * Decodes a stream.
   *
   * @param stream an encoded picture; read to its end, not closed
   * @param limits what it may cost
   * @return the picture as it is stored
   * @throws ModelException if it cannot be read or decoded, or exceeds the limits
   */
  public static RgbImage decode(InputStream stream, DecodeLimits limits) {
    return decode(stream, "image stream", limits);
  }

  /**
   * Decodes a stream.
   *
   * @param stream an encoded picture; read to its end, not closed
   * @param name what messages call it
   * @param limits what it may cost
   * @return the picture as it is stored
   * @throws ModelException if it cannot be read or decoded, or exceeds the limits
   */
  public static RgbImage decode(InputStream stream, String name, DecodeLimits limits) {
    byte[] data;
    try {
      data = stream.readAllBytes();
    } catch (IOException e) {
      throw new ModelException(name + ": cannot be read: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new ModelException(name + ": larger than memory or than 2 GB", e);
    }
    return decode(data, name, limits, Orientation.AS_STORED);
  }

  /**
   * Decodes bytes.
   *
   * @param data an encoded picture; not changed, not kept
   * @param limits what it may cost
   * @return the picture as it is stored
   * @throws ModelException if it cannot be decoded or exceeds the limits
   */
  public static RgbImage decode(byte[] data, DecodeLimits limits) {
    return decode(data, "image data", limits, Orientation.AS_STORED);
  }

  /**
   * Decodes bytes.
   *
   * @param data an encoded picture; not changed, not kept
   * @param name what messages call it
   * @param limits what it may cost
   * @param orientation whether to turn the picture as its EXIF data says
   * @return the picture
   * @throws ModelException if it cannot be decoded or exceeds the limits
   */
  public static RgbImage decode(
      byte[] data, String name, DecodeLimits limits, Orientation orientation) {
    if (data.length == 0) {
      throw new ModelException(name + ": empty, 0 bytes; expected an image file");
    }
    ImageFormat format =
        ImageFormat.of(data)
            .orElseThrow(
                () ->
                    new ModelException(
                        ImageFormat.unsupported(data)
                            .map(
                                kind ->
                                    "%s: %s is not supported; convert it to %s"
                                        .formatted(name, kind, ImageFormat.SUPPORTED))
                            .orElse(
                                "%s: not an image this can read; expected %s"
                                    .formatted(name, ImageFormat.SUPPORTED))));
    try {
      return switch (format) {
        case JPEG -> JpegDecoder.decode(data, limits, orientation);
        case PNG -> PngDecoder.decode(data, limits, orientation);
        case GIF -> GifDecoder.decode(data, limits);
        case BMP -> BmpDecoder.decode(data, limits);
        case TIFF -> TiffDecoder.decode(data, limits);
        case WEBP -> WebpDecoder.decode(data, limits, orientation);
      };
    } catch (UnreadableImageException e) {
      throw new ModelException(name + ": " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new ModelException(
          name + ": too large for the memory that is left; raise -Xmx or lower the pixel limit", e);
    } catch (IOException | RuntimeException e) {
      // The readers below report damage as any of these, some without a message.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ModelException(
          "%s: damaged or incomplete %s data (%s); fetch or save the picture again"
              .formatted(name, format, reason.strip().replaceAll("\\s+", " ")),
          e);
    }
  }
}
