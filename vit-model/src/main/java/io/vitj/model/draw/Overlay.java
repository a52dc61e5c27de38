package io.vitj.model.draw;

import io.vitj.model.draw.Canvas.Area;
import io.vitj.model.image.ImageRegion;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import io.vitj.model.pipeline.QueryToken;

/**
 * Draws a map over a photo: the photo loses most of its colour, so that the colours left are those
 * of the map, the more of them the greater the value. What the model does not see is dark and
 * hatched.
 */
final class Overlay {
  /** How much of the photo's colour becomes grey under a map. */
  private static final double GREY = 0.75;

  /** The share of the map's colour at its least and at its greatest value. */
  private static final double FAINT = 0.45;

  private static final double STRONG = 0.72;

  private static final double UNSEEN_DARKNESS = 0.5;
  private static final double HATCH = 0.2;
  private static final int HATCH_STEP = 9;

  private Overlay() {}

  /**
   * Draws.
   *
   * @param canvas where
   * @param area the place of the photo on it
   * @param photo as large as the place
   * @param map the values
   * @param region the part of the photo that the grid of the map covers, in its pixels
   * @param colours the colours from the least to the greatest value
   */
  static void draw(
      Canvas canvas,
      Area area,
      RgbImage photo,
      AttentionMap map,
      ImageRegion region,
      ColourMap colours) {
    double[] surface = surface(photo, map, region);
    double least = map.least();
    double span = map.greatest() - least;
    for (int y = 0, i = 0; y < photo.height(); y++) {
      for (int x = 0; x < photo.width(); x++, i++) {
        int pixel = Canvas.rgb(photo, x, y);
        int rgb;
        if (region.holds(x, y)) {
          double value = span > 0 ? (surface[i] - least) / span : 0;
          double share = FAINT + value * (STRONG - FAINT);
          rgb = Canvas.mix(grey(pixel, GREY), colours.rgb(value), share);
        } else {
          rgb = unseen(pixel, x, y);
        }
        canvas.set(area.x() + x, area.y() + y, rgb);
      }
    }
    if (!region.covers(photo.width(), photo.height())) {
      outline(canvas, area, region, 0xffffff);
    }
    markQuery(canvas, area, photo, map, region);
  }

  private static double[] surface(RgbImage photo, AttentionMap map, ImageRegion region) {
    double[] columns = new double[photo.width()];
    for (int x = 0; x < columns.length; x++) {
      columns[x] = (x + 0.5 - region.x()) / region.width() * map.width();
    }
    double[] rows = new double[photo.height()];
    for (int y = 0; y < rows.length; y++) {
      rows[y] = (y + 0.5 - region.y()) / region.height() * map.height();
    }
    return new SmoothGrid(map.values(), map.height(), map.width(), map.least(), map.greatest())
        .raster(columns, rows);
  }

  /** Takes colour away; the weights of luma are those of ITU-R BT.601. */
  private static int grey(int rgb, double share) {
    double luma = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
    return Canvas.mix(rgb, 0x010101 * (int) Math.rint(luma), share);
  }

  private static int unseen(int rgb, int x, int y) {
    int dark = Canvas.mix(grey(rgb, 1), 0, UNSEEN_DARKNESS);
    return (x + y) % HATCH_STEP == 0 ? Canvas.mix(dark, 0xffffff, HATCH) : dark;
  }

  private static void outline(Canvas canvas, Area area, ImageRegion region, int rgb) {
    canvas.outline(
        area.x() + (int) Math.rint(region.x()),
        area.y() + (int) Math.rint(region.y()),
        area.x() + (int) Math.rint(region.x() + region.width()) - 1,
        area.y() + (int) Math.rint(region.y() + region.height()) - 1,
        area,
        rgb);
  }

  /** A frame around the patch that asks, light and dark, to be seen on anything. */
  private static void markQuery(
      Canvas canvas, Area area, RgbImage photo, AttentionMap map, ImageRegion region) {
    if (!(map.token() instanceof QueryToken.PatchAt at)) {
      return;
    }
    double scale = region.width() / map.region().width(); // of the photo here to the original
    double patchWidth = region.width() / map.width();
    double patchHeight = region.height() / map.height();
    double column = Math.floor((at.x() + 0.5 - map.region().x()) * scale / patchWidth);
    double down = region.height() / map.region().height();
    double row = Math.floor((at.y() + 0.5 - map.region().y()) * down / patchHeight);
    double x = region.x() + column * patchWidth;
    double y = region.y() + row * patchHeight;
    Area whole = new Area(area.x(), area.y(), photo.width(), photo.height());
    for (int i = -1; i <= 1; i++) {
      ImageRegion frame = new ImageRegion(x - i, y - i, patchWidth + 2 * i, patchHeight + 2 * i);
      outline(canvas, whole, frame, i == 0 ? 0xffffff : 0x000000);
    }
  }
}
