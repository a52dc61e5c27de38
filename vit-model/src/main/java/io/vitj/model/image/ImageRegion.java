package io.vitj.model.image;

/**
 * A part of a picture, in its pixels: x and y of the left upper corner and the extent. It may reach
 * beyond the picture where a model sees padding around it.
 *
 * @param x distance of the left edge from that of the picture
 * @param y distance of the upper edge from that of the picture
 * @param width extent to the right
 * @param height extent downwards
 */
public record ImageRegion(double x, double y, double width, double height) {
  /** What rounding in a resize may add to or take from an edge, in pixels. */
  private static final double SLACK = 1e-6;

  /**
   * Tells whether a pixel has its centre in this region.
   *
   * @param column the column of the pixel
   * @param row its row
   * @return true if the centre is inside
   */
  public boolean holds(int column, int row) {
    double right = column + 0.5 - x;
    double down = row + 0.5 - y;
    return right >= 0 && right < width && down >= 0 && down < height;
  }

  /**
   * Tells whether a picture lies in this region as a whole.
   *
   * @param pictureWidth pixels in a row of the picture
   * @param pictureHeight rows of the picture
   * @return true if nothing of it is outside
   */
  public boolean covers(int pictureWidth, int pictureHeight) {
    return x < SLACK
        && y < SLACK
        && x + width > pictureWidth - SLACK
        && y + height > pictureHeight - SLACK;
  }

  /** The region in whole pixels, for messages. */
  @Override
  public String toString() {
    return "x %d to %d, y %d to %d"
        .formatted(
            (long) Math.ceil(x - 0.5),
            (long) Math.ceil(x + width - 0.5) - 1,
            (long) Math.ceil(y - 0.5),
            (long) Math.ceil(y + height - 0.5) - 1);
  }
}
