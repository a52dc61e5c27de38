package io.vitj.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text with aligned columns. */
final class TextTable {
  private static final String GAP = "  ";

  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * Starts an empty table.
   *
   * @param alignment one character a column: {@code l} left, {@code r} right
   */
  TextTable(String alignment) {
    right = new boolean[alignment.length()];
    for (int i = 0; i < right.length; i++) {
      right[i] = alignment.charAt(i) == 'r';
    }
  }

  /**
   * Adds a row.
   *
   * @param cells one text a column
   * @return this table
   */
  TextTable row(String... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    rows.add(cells);
    return this;
  }

  /**
   * Lays the table out.
   *
   * @return the lines, without spaces at their ends
   */
  List<String> lines() {
    int[] width = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < width.length; i++) {
        width[i] = Math.max(width[i], length(row[i]));
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < width.length; i++) {
        String pad = " ".repeat(width[i] - length(row[i]));
        line.append(i == 0 ? "" : GAP).append(right[i] ? pad + row[i] : row[i] + pad);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
