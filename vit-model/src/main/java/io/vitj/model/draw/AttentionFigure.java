package io.vitj.model.draw;

import io.vitj.model.draw.Canvas.Area;
import io.vitj.model.image.Filter;
import io.vitj.model.image.ImageRegion;
import io.vitj.model.image.Resampler;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import java.util.List;

/**
 * A photo with what a model looked at: one panel a map, side by side, each with a title, the map
 * over the whole photo, and the scale of its colours.
 */
public final class AttentionFigure {
  /** Photos whose longer side is outside these bounds are scaled to them. */
  private static final int SMALLEST = 448;

  private static final int LARGEST = 1024;

  private static final int MARGIN = 16;
  private static final int GAP = 6;
  private static final String UNIT = "attention a patch gets";
  private static final String UNSEEN = "hatched: not seen by the model";

  private AttentionFigure() {}

  /**
   * A map with a title.
   *
   * @param title a line of text
   * @param map the map
   */
  public record Panel(String title, AttentionMap map) {}

  /**
   * Draws.
   *
   * @param photo the picture as decoded
   * @param panels maps of this photo, at least one
   * @param colours the colours from the least to the greatest value of each map
   * @return the figure
   */
  public static RgbImage draw(RgbImage photo, List<Panel> panels, ColourMap colours) {
    RgbImage scaled = scaled(photo);
    int widest = Lettering.width(UNSEEN);
    for (Panel panel : panels) {
      widest = Math.max(widest, Lettering.width(panel.title()));
    }
    int column = Math.max(scaled.width(), widest);
    int height =
        Lettering.HEIGHT + GAP + scaled.height() + 2 * GAP + Legend.HEIGHT + Lettering.HEIGHT;
    Canvas canvas =
        new Canvas(MARGIN + panels.size() * (column + MARGIN), height + 2 * MARGIN, Legend.PAPER);
    for (int i = 0; i < panels.size(); i++) {
      int left = MARGIN + i * (column + MARGIN);
      draw(canvas, left, column, photo, scaled, panels.get(i), colours);
    }
    return canvas.image();
  }

  private static void draw(
      Canvas canvas,
      int left,
      int width,
      RgbImage photo,
      RgbImage scaled,
      Panel panel,
      ColourMap colours) {
    AttentionMap map = panel.map();
    Lettering.draw(canvas, panel.title(), left, MARGIN, Legend.INK);
    int y = MARGIN + Lettering.HEIGHT + GAP;
    double scale = (double) scaled.width() / photo.width();
    double down = (double) scaled.height() / photo.height();
    ImageRegion seen = map.region();
    ImageRegion region =
        new ImageRegion(
            seen.x() * scale, seen.y() * down, seen.width() * scale, seen.height() * down);
    Area area = new Area(left, y, scaled.width(), scaled.height());
    Overlay.draw(canvas, area, scaled, map, region, colours);
    y += scaled.height() + 2 * GAP;
    Legend.draw(canvas, left, y, Math.min(width, 320), map.least(), map.greatest(), colours);
    y += Legend.HEIGHT;
    Lettering.draw(canvas, UNIT, left, y, Legend.FAINT_INK);
    if (!region.covers(scaled.width(), scaled.height())) {
      int end = left + width - Lettering.width(UNSEEN);
      Lettering.draw(canvas, UNSEEN, end, y, Legend.FAINT_INK);
    }
  }

  private static RgbImage scaled(RgbImage photo) {
    int longer = Math.max(photo.width(), photo.height());
    double scale = (double) Math.clamp(longer, SMALLEST, LARGEST) / longer;
    int width = Math.max(1, (int) Math.rint(photo.width() * scale));
    int height = Math.max(1, (int) Math.rint(photo.height() * scale));
    return Resampler.resize(photo, width, height, Filter.BICUBIC);
  }
}
