package io.vitj.model.image;

import java.util.Locale;
import java.util.Optional;

/**
 * The resampling filters of Pillow. Each is a kernel {@code f(x)} over source pixels at scale 1; a
 * reduction by a factor s stretches it to {@code f(x / s)}, which is the antialiasing.
 *
 * <p>Source: Pillow {@code src/libImaging/Resample.c}; the declaration order is Pillow's numbering
 * ({@code resample} in {@code preprocessor_config.json}).
 */
public enum Filter {
  /** The source pixel under the centre of the destination pixel; no antialiasing. */
  NEAREST(0) {
    @Override
    double weight(double x) {
      throw new UnsupportedOperationException("nearest copies pixels; it has no weights");
    }
  },
  /** Windowed sinc with three lobes. */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  },
  /** Triangle. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** Keys' cubic convolution with a = −0.5. */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      final double a = -0.5;
      double t = Math.abs(x);
      if (t < 1) {
        return ((a + 2) * t - (a + 3)) * t * t + 1;
      }
      return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
    }
  },
  /** The mean of the pixels under the destination pixel. */
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },
  /** Hamming-windowed sinc of one lobe. */
  HAMMING(1) {
    @Override
    double weight(double x) {
      double t = Math.abs(x);
      if (t == 0) {
        return 1;
      }
      if (t >= 1) {
        return 0;
      }
      // Pillow's window constants are C floats.
      return sinc(t) * (0.54f + 0.46f * Math.cos(t * Math.PI));
    }
  };

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /** Half the kernel's width at scale 1, in pixels. */
  double support() {
    return support;
  }

  /** The kernel's value at {@code x}, not normalised. */
  abstract double weight(double x);

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double t = x * Math.PI;
    return Math.sin(t) / t;
  }

  /**
   * The filter with Pillow's number.
   *
   * @param code 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic, 4 box, 5 hamming
   * @return the filter, or empty for another number
   */
  public static Optional<Filter> ofCode(int code) {
    return code >= 0 && code < values().length ? Optional.of(values()[code]) : Optional.empty();
  }

  /**
   * The filter with a name.
   *
   * @param name a name as timm and torchvision write it, for instance {@code bicubic}; any case
   * @return the filter, or empty for another name
   */
  public static Optional<Filter> ofName(String name) {
    for (Filter filter : values()) {
      if (filter.name().equalsIgnoreCase(name)) {
        return Optional.of(filter);
      }
    }
    return Optional.empty();
  }

  /** The name in lower case, as timm and torchvision write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
