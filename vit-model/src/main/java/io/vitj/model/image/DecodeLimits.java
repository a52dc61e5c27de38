package io.vitj.model.image;

/**
 * What a picture may cost. A file's header is compared with it before anything of the picture's
 * size is allocated, so a small file that claims to be huge does no harm.
 *
 * @param maxPixels the largest width × height; a picture costs 3 to 11 bytes per pixel while it is
 *     decoded
 */
public record DecodeLimits(long maxPixels) {
  /** 100 million pixels: beyond any camera in common use, 300 MB decoded. */
  public static final DecodeLimits DEFAULT = new DecodeLimits(100_000_000);

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if {@code maxPixels} is below 1
   */
  public DecodeLimits {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels is " + maxPixels + ", below 1");
    }
  }

  /** Throws unless a header's size is usable and within the limit. */
  void check(long width, long height) throws UnreadableImageException {
    if (width < 1 || height < 1) {
      throw new UnreadableImageException(
          "its header says %d×%d pixels: the file is damaged".formatted(width, height));
    }
    // Neither factor exceeds 2^32, so the product is compared without overflow.
    long most = Math.min(maxPixels, RgbImage.MAX_PIXELS);
    if (width > most / height) {
      throw new UnreadableImageException(
          "%d×%d is more than the limit of %,d pixels; %s"
              .formatted(
                  width,
                  height,
                  most,
                  most == maxPixels ? "raise the limit if it is wanted" : "scale it down"));
    }
  }
}
