package io.vitj.model.draw;

import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Letters out of {@code glyphs.png}, which {@code tools/make_glyphs.py} makes: a machine without
 * fonts has them too, and they look the same everywhere.
 */
final class Lettering {
  /** Rows of a line of text. */
  static final int HEIGHT = 17;

  private static final char FIRST = ' ';
  private static final String MORE = "–·×…"; // after the last of ASCII
  private static final int UNKNOWN = '?' - FIRST;
  private static final Lettering INSTANCE = new Lettering();

  private final RgbImage glyphs;
  private final List<Integer> starts = new ArrayList<>(); // columns; one more than there are glyphs

  private Lettering() {
    try (InputStream in = Lettering.class.getResourceAsStream("glyphs.png")) {
      glyphs = ImageDecoder.decode(in, DecodeLimits.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int x = 0; x < glyphs.width(); x++) {
      if (glyphs.pixels()[3 * x] != 0) {
        starts.add(x);
      }
    }
  }

  private static int glyph(char c) {
    int more = MORE.indexOf(c);
    if (more >= 0) {
      return '~' + 1 - FIRST + more;
    }
    return c >= FIRST && c <= '~' ? c - FIRST : UNKNOWN;
  }

  /**
   * Measures a line of text.
   *
   * @param text letters of ASCII and a few more; others become question marks
   * @return its width in pixels
   */
  static int width(String text) {
    return text.chars().map(c -> INSTANCE.advance(glyph((char) c))).sum();
  }

  private int advance(int glyph) {
    return starts.get(glyph + 1) - starts.get(glyph);
  }

  /**
   * Cuts a line of text that is too wide.
   *
   * @param text the text
   * @param width the pixels it may take
   * @return the text, or its start and an ellipsis
   */
  static String cut(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    int end = text.length() - 1;
    while (end > 0 && width(text.substring(0, end) + '…') > width) {
      end--;
    }
    return text.substring(0, end) + '…';
  }

  /**
   * Draws a line of text.
   *
   * @param canvas where
   * @param text letters of ASCII and a few more; others become question marks
   * @param left the first column
   * @param top the first of {@value #HEIGHT} rows
   * @param rgb the colour
   */
  static void draw(Canvas canvas, String text, int left, int top, int rgb) {
    int x = left;
    for (int i = 0; i < text.length(); i++) {
      int glyph = glyph(text.charAt(i));
      INSTANCE.draw(canvas, glyph, x, top, rgb);
      x += INSTANCE.advance(glyph);
    }
  }

  private void draw(Canvas canvas, int glyph, int left, int top, int rgb) {
    int start = starts.get(glyph);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < advance(glyph); x++) {
        int ink = glyphs.pixels()[3 * ((y + 1) * glyphs.width() + start + x)] & 0xff;
        canvas.set(left + x, top + y, Canvas.mix(canvas.get(left + x, top + y), rgb, ink / 255.0));
      }
    }
  }
}
