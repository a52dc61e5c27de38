package io.vitj.model.draw;

import io.vitj.model.draw.Canvas.Area;
import io.vitj.model.image.Filter;
import io.vitj.model.image.ImageRegion;
import io.vitj.model.image.Resampler;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import java.util.List;

/**
 * Many maps of one photo as small pictures in rows, each with a caption and its own scale from its
 * least to its greatest value. The pictures show what the model saw, not what it cropped away.
 */
public final class ContactSheet {
  /** The longer side of a picture, where there are few and where there are many. */
  private static final int LARGE = 192;

  private static final int SMALL = 128;
  private static final int FEW = 16;

  private static final int MARGIN = 16;
  private static final int GAP = 8;
  private static final int CAPTION = 2 * Lettering.HEIGHT;
  private static final int BAR = 160;
  private static final String NOTE = "from the least to the greatest of each picture";

  private ContactSheet() {}

  /**
   * A map with a caption.
   *
   * @param caption a short line of text, cut off where it is wider than the picture
   * @param map the map
   */
  public record Tile(String caption, AttentionMap map) {}

  /**
   * Draws.
   *
   * @param title a line of text above all
   * @param view the photo as the model saw it
   * @param tiles the maps, row by row, at least one
   * @param columns pictures in a row
   * @param colours the colours from the least to the greatest value of each map
   * @return the sheet
   */
  public static RgbImage draw(
      String title, RgbImage view, List<Tile> tiles, int columns, ColourMap colours) {
    int side = tiles.size() <= FEW ? LARGE : SMALL;
    RgbImage small = scaled(view, tiles.getFirst().map(), side);
    int across = Math.min(columns, tiles.size());
    int rows = (tiles.size() + columns - 1) / columns;
    int stepX = side + GAP;
    int stepY = small.height() + CAPTION + GAP;
    int header = Lettering.HEIGHT + GAP;
    int legend = BAR + GAP + Lettering.width(NOTE);
    int wide = Math.max(across * stepX - GAP, Math.max(legend, Lettering.width(title)));
    int high = 2 * header + rows * stepY;
    Canvas canvas = new Canvas(wide + 2 * MARGIN, high + 2 * MARGIN - GAP, Legend.PAPER);
    Lettering.draw(canvas, title, MARGIN, MARGIN, Legend.INK);
    for (int i = 0; i < tiles.size(); i++) {
      int left = MARGIN + i % columns * stepX;
      int top = MARGIN + header + i / columns * stepY;
      draw(canvas, left, top, stepX - GAP, small, tiles.get(i), colours);
    }
    int bottom = MARGIN + header + rows * stepY;
    Legend.bar(canvas, MARGIN, bottom + 4, BAR, colours);
    Lettering.draw(canvas, NOTE, MARGIN + BAR + GAP, bottom, Legend.INK);
    return canvas.image();
  }

  private static void draw(
      Canvas canvas, int left, int top, int width, RgbImage view, Tile tile, ColourMap colours) {
    AttentionMap map = tile.map();
    Area area = new Area(left, top, view.width(), view.height());
    ImageRegion whole = new ImageRegion(0, 0, view.width(), view.height());
    Overlay.draw(canvas, area, view, map, whole, colours);
    int text = top + view.height();
    Lettering.draw(canvas, Lettering.cut(tile.caption(), width), left, text, Legend.INK);
    String range = Legend.range(map.least(), map.greatest());
    Lettering.draw(
        canvas, Lettering.cut(range, width), left, text + Lettering.HEIGHT, Legend.FAINT_INK);
  }

  /** The model may see a photo squeezed; here it has the proportions of the photo again. */
  private static RgbImage scaled(RgbImage view, AttentionMap map, int side) {
    double longer = Math.max(map.region().width(), map.region().height());
    int width = Math.max(1, (int) Math.rint(side * map.region().width() / longer));
    int height = Math.max(1, (int) Math.rint(side * map.region().height() / longer));
    return Resampler.resize(view, width, height, Filter.BICUBIC);
  }
}
