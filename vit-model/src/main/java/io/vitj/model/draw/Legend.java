package io.vitj.model.draw;

import java.util.Locale;

/** Draws the scale of a map: its colours, and what the ends and the middle stand for. */
final class Legend {
  /** Rows that a legend takes. */
  static final int HEIGHT = 12 + Lettering.HEIGHT;

  static final int PAPER = 0xffffff;
  static final int INK = 0x222222;
  static final int FAINT_INK = 0x6a6a6a;

  private static final int BAR = 10;

  private Legend() {}

  /**
   * Draws.
   *
   * @param canvas where
   * @param left the first column
   * @param top the first row
   * @param width columns
   * @param least what the first colour stands for
   * @param greatest what the last colour stands for
   * @param colours the colours
   */
  static void draw(
      Canvas canvas,
      int left,
      int top,
      int width,
      double least,
      double greatest,
      ColourMap colours) {
    bar(canvas, left, top, width, colours);
    int text = top + BAR + 2;
    String start = percent(least);
    String middle = percent((least + greatest) / 2);
    String end = percent(greatest);
    Lettering.draw(canvas, start, left, text, INK);
    int room = width - Lettering.width(start) - Lettering.width(end);
    if (room > Lettering.width(middle) + 20) {
      Lettering.draw(canvas, middle, left + (width - Lettering.width(middle)) / 2, text, INK);
    }
    Lettering.draw(canvas, end, left + width - Lettering.width(end), text, INK);
  }

  /**
   * Draws the colours alone.
   *
   * @param canvas where
   * @param left the first column
   * @param top the first row
   * @param width columns, at least 2
   * @param colours the colours
   */
  static void bar(Canvas canvas, int left, int top, int width, ColourMap colours) {
    for (int x = 0; x < width; x++) {
      int rgb = colours.rgb(x / (width - 1.0));
      for (int y = 0; y < BAR; y++) {
        canvas.set(left + x, top + y, rgb);
      }
    }
  }

  /**
   * Writes a share.
   *
   * @param share such as 0.0123
   * @return it as percentage, with two significant digits and at most three decimals: {@code 1.2 %}
   */
  static String percent(double share) {
    return number(share) + " %";
  }

  /**
   * Writes a range of shares.
   *
   * @param least its start
   * @param greatest its end
   * @return both as percentages: {@code 0.31 – 1.2 %}
   */
  static String range(double least, double greatest) {
    return number(least) + " – " + percent(greatest);
  }

  private static String number(double share) {
    double percent = 100 * share;
    int digits = 3;
    for (double bound = 0.0995; digits > 0 && percent >= bound; bound *= 10) {
      digits--;
    }
    return percent < 0.0005 ? "0" : String.format(Locale.ROOT, "%." + digits + "f", percent);
  }
}
