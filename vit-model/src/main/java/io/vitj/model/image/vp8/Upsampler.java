package io.vitj.model.image.vp8;

/**
 * Luma and halved chroma to RGB. Each chroma sample of the result is (9a + 3b + 3c + d) / 16 of the
 * four around it, in libwebp's order of roundings; the conversion is BT.601 with limited range in
 * 14-bit fixed point.
 *
 * <p>Source: libwebp {@code dsp/upsampling.c} ({@code UPSAMPLE_FUNC}), {@code dec/io_dec.c} ({@code
 * EmitFancyRGB}) and {@code dsp/yuv.h}.
 */
final class Upsampler {
  private final Plane y;
  private final Plane u;
  private final Plane v;
  private final int width;
  private final int height;
  private final int[] rowU;
  private final int[] rowV;

  Upsampler(Plane y, Plane u, Plane v, int width, int height) {
    this.y = y;
    this.u = u;
    this.v = v;
    this.width = width;
    this.height = height;
    this.rowU = new int[width];
    this.rowV = new int[width];
  }

  byte[] toRgb() {
    byte[] rgb = new byte[Math.multiplyExact(3 * width, height)];
    int chromaRows = (height + 1) / 2;
    for (int row = 0; row < height; row++) {
      int near = row / 2;
      int far = Math.min(Math.max(row % 2 == 0 ? near - 1 : near + 1, 0), chromaRows - 1);
      upsample(u, near, far, rowU);
      upsample(v, near, far, rowV);
      convert(row, rgb);
    }
    return rgb;
  }

  /** A full row of chroma between a near and a far row of the halved plane. */
  private void upsample(Plane plane, int near, int far, int[] out) {
    byte[] s = plane.samples;
    int n = plane.at(0, near);
    int f = plane.at(0, far);
    int nearLeft = s[n] & 0xff;
    int farLeft = s[f] & 0xff;
    out[0] = 3 * nearLeft + farLeft + 2 >> 2;
    int pairs = width - 1 >> 1;
    for (int i = 1; i <= pairs; i++) {
      int nearRight = s[n + i] & 0xff;
      int farRight = s[f + i] & 0xff;
      int sum = nearLeft + nearRight + farLeft + farRight + 8;
      int toLeft = sum + 2 * (nearRight + farLeft) >> 3;
      int toRight = sum + 2 * (nearLeft + farRight) >> 3;
      out[2 * i - 1] = toLeft + nearLeft >> 1;
      out[2 * i] = toRight + nearRight >> 1;
      nearLeft = nearRight;
      farLeft = farRight;
    }
    if (width % 2 == 0) {
      out[width - 1] = 3 * nearLeft + farLeft + 2 >> 2;
    }
  }

  private void convert(int row, byte[] rgb) {
    int from = y.at(0, row);
    int out = 3 * width * row;
    for (int x = 0; x < width; x++, out += 3) {
      int luma = (y.samples[from + x] & 0xff) * 19077 >> 8;
      int blueness = rowU[x];
      int redness = rowV[x];
      rgb[out] = scale(luma + (redness * 26149 >> 8) - 14234);
      rgb[out + 1] = scale(luma - (blueness * 6419 >> 8) - (redness * 13320 >> 8) + 8708);
      rgb[out + 2] = scale(luma + (blueness * 33050 >> 8) - 17685);
    }
  }

  private static byte scale(int value) {
    return InverseTransform.clamp(value >> 6);
  }
}
