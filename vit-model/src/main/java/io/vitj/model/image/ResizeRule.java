package io.vitj.model.image;

/** The size a picture is resized to before it is cropped. */
sealed interface ResizeRule {
  /** A size in pixels; a component below 1 means that the rule cannot be applied. */
  record Size(int width, int height) {}

  /** The size of the resized picture. */
  Size target(int width, int height);

  /**
   * The rule for a crop of another size: what it says in pixels is multiplied, and rounded half up.
   * A shortest edge stands for the square that the picture covers; where that becomes a rectangle,
   * the picture keeps covering it.
   *
   * @param across new width of the crop / old width
   * @param down new height / old height
   */
  ResizeRule scaledBy(double across, double down);

  /** No resizing. */
  record Keep() implements ResizeRule {
    @Override
    public Size target(int width, int height) {
      return new Size(width, height);
    }

    @Override
    public ResizeRule scaledBy(double across, double down) {
      return this;
    }

    @Override
    public String toString() {
      return "no resize";
    }
  }

  /** One size for all, whatever the proportions. */
  record Exact(int width, int height) implements ResizeRule {
    @Override
    public Size target(int ignoredWidth, int ignoredHeight) {
      return new Size(width, height);
    }

    @Override
    public ResizeRule scaledBy(double across, double down) {
      return new Exact(times(width, across), times(height, down));
    }

    @Override
    public String toString() {
      return "resize to %d×%d".formatted(width, height);
    }
  }

  /**
   * The shorter edge gets a length, the longer one {@code trunc(edge · long / short)}.
   *
   * <p>Source: torchvision {@code _compute_resized_output_size}, transformers {@code
   * get_resize_output_image_size}.
   */
  record ShortestEdge(int edge) implements ResizeRule {
    @Override
    public Size target(int width, int height) {
      return width <= height
          ? new Size(edge, scaled(edge, height, width))
          : new Size(scaled(edge, width, height), edge);
    }

    @Override
    public ResizeRule scaledBy(double across, double down) {
      return across == down
          ? new ShortestEdge(times(edge, across))
          : new KeepRatio(times(edge, across), times(edge, down), false);
    }

    @Override
    public String toString() {
      return "resize shortest edge " + edge;
    }
  }

  /**
   * As {@link ShortestEdge}, but smaller where the longer edge would exceed a limit.
   *
   * <p>Source: transformers {@code get_size_with_aspect_ratio}.
   */
  record ShortestEdgeWithin(int edge, int longest) implements ResizeRule {
    @Override
    public Size target(int width, int height) {
      double low = Math.min(width, height);
      double high = Math.max(width, height);
      if (high / low * edge <= longest) {
        return new ShortestEdge(edge).target(width, height);
      }
      double exact = longest * low / high;
      int shorter = (int) Math.rint(exact);
      if (low == shorter) {
        return new Size(width, height);
      }
      return width < height
          ? new Size(shorter, (int) (exact * height / width))
          : new Size((int) (exact * width / height), shorter);
    }

    @Override
    public ResizeRule scaledBy(double across, double down) {
      return across == down
          ? new ShortestEdgeWithin(times(edge, across), times(longest, across))
          : new ShortestEdge(edge).scaledBy(across, down);
    }

    @Override
    public String toString() {
      return "resize shortest edge %d, longest at most %d".formatted(edge, longest);
    }
  }

  /**
   * The largest size of the same proportions within a box, rounded down.
   *
   * <p>Source: transformers {@code get_image_size_for_max_height_width}.
   */
  record Within(int maxWidth, int maxHeight) implements ResizeRule {
    @Override
    public Size target(int width, int height) {
      double scale = Math.min((double) maxHeight / height, (double) maxWidth / width);
      return new Size(whole(width * scale), whole(height * scale));
    }

    @Override
    public ResizeRule scaledBy(double across, double down) {
      return new Within(times(maxWidth, across), times(maxHeight, down));
    }

    @Override
    public String toString() {
      return "resize to fit %d×%d".formatted(maxWidth, maxHeight);
    }
  }

  /**
   * The same proportions, covering a box ({@code inside} false) or inside it, rounded half to even.
   *
   * <p>Source: timm {@code ResizeKeepRatio} with {@code longest} 0 or 1.
   */
  record KeepRatio(int boxWidth, int boxHeight, boolean inside) implements ResizeRule {
    @Override
    public Size target(int width, int height) {
      double across = (double) width / boxWidth;
      double down = (double) height / boxHeight;
      double ratio = inside ? Math.max(across, down) : Math.min(across, down);
      return new Size(whole(Math.rint(width / ratio)), whole(Math.rint(height / ratio)));
    }

    @Override
    public ResizeRule scaledBy(double across, double down) {
      return new KeepRatio(times(boxWidth, across), times(boxHeight, down), inside);
    }

    @Override
    public String toString() {
      return "resize to %s %d×%d".formatted(inside ? "fit" : "cover", boxWidth, boxHeight);
    }
  }

  /** {@code trunc(edge · longer / shorter)}. */
  private static int scaled(int edge, int longer, int shorter) {
    return whole((double) ((long) edge * longer) / shorter);
  }

  /** The nearest integer from 1 on. */
  private static int times(int pixels, double factor) {
    return (int) Math.clamp(Math.round(pixels * factor), 1L, Integer.MAX_VALUE);
  }

  /** The integer part, or 0 for what is no size. */
  private static int whole(double pixels) {
    return pixels < Integer.MAX_VALUE ? (int) pixels : 0;
  }
}
