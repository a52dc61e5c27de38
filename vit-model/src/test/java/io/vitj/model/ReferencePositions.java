package io.vitj.model;

/** What attention knows of positions, pair by pair and plane by plane in float64. */
final class ReferencePositions {
  private ReferencePositions() {}

  /** Turns the queries and keys of the patches. */
  static void rotate(ViTConfig c, double[][] qkv) {
    Rotary rotary = c.rotary();
    int head = c.headWidth();
    for (int patch = 0; patch < c.patches(); patch++) {
      double[] row = qkv[c.prefixTokens() + patch];
      double y = position(rotary, patch / c.gridWidth(), c.gridHeight(), rotary.referenceRows());
      double x = position(rotary, patch % c.gridWidth(), c.gridWidth(), rotary.referenceColumns());
      for (int plane = 0; plane < head / 2; plane++) {
        double frequency = Math.pow(rotary.temperature(), -4.0 / head * (plane % (head / 4)));
        double angle = (plane < head / 4 ? y : x) * frequency;
        int first = rotary.interleaved() ? 2 * plane : plane;
        int second = rotary.interleaved() ? 2 * plane + 1 : plane + head / 2;
        for (int from = 0; from < 2 * c.width(); from += head) {
          double a = row[from + first];
          double b = row[from + second];
          row[from + first] = a * Math.cos(angle) - b * Math.sin(angle);
          row[from + second] = b * Math.cos(angle) + a * Math.sin(angle);
        }
      }
    }
  }

  private static double position(Rotary rotary, int index, int extent, int reference) {
    return switch (rotary.coordinates()) {
      case INDEX -> reference == 0 ? index : (double) index / extent * reference;
      case CENTRE -> 2 * Math.PI * (2 * (index + 0.5) / extent - 1);
    };
  }

  /** What is added to the score of a query and a key on the grid of the table. */
  static double bias(ViTConfig c, double[] table, int head, int query, int key) {
    if (table.length == 0) {
      return 0;
    }
    int h = c.gridHeight();
    int w = c.gridWidth();
    int offsets = (2 * h - 1) * (2 * w - 1);
    int row;
    if (query == 0) {
      row = key == 0 ? offsets + 2 : offsets;
    } else if (key == 0) {
      row = offsets + 1;
    } else {
      int down = (query - 1) / w - (key - 1) / w;
      int right = (query - 1) % w - (key - 1) % w;
      row = (down + h - 1) * (2 * w - 1) + right + w - 1;
    }
    return table[row * c.heads() + head];
  }
}
