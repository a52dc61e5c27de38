package io.vitj.bench.chart;

import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Finds room for labels beside points: the nearest place where nothing is yet, in pixels. */
final class LabelLayout {
  /** From a point to a label beside it. */
  private static final double GAP = 7;

  /** The farthest that a label may be, in its own heights. */
  private static final int FARTHEST = 24;

  private final Rectangle2D plot;
  private final List<Rectangle2D> taken = new ArrayList<>();

  /** Lays labels out within a plot. */
  LabelLayout(Rectangle2D plot) {
    this.plot = plot;
  }

  /** Keeps labels off a point. */
  void avoid(Point2D point) {
    taken.add(new Rectangle2D.Double(point.getX() - 4, point.getY() - 4, 8, 8));
  }

  /** Returns where the label of a point goes; right beside it if there is no room at all. */
  Rectangle2D place(Point2D point, double width, double height) {
    double side = GAP + width / 2;
    for (int step = 0; step <= FARTHEST; step++) {
      double away = step == 0 ? 0 : GAP + (step - 0.5) * height;
      for (double y : new double[] {point.getY() + away, point.getY() - away}) {
        for (double x : new double[] {side, -side, 0}) {
          Rectangle2D label = centred(point.getX() + x, y, width, height);
          if ((x != 0 || step > 0) && isFree(label)) {
            taken.add(label);
            return label;
          }
        }
      }
    }
    return centred(point.getX() + side, point.getY(), width, height);
  }

  private static Rectangle2D centred(double x, double y, double width, double height) {
    return new Rectangle2D.Double(x - width / 2, y - height / 2, width, height);
  }

  private boolean isFree(Rectangle2D label) {
    return plot.contains(label) && taken.stream().noneMatch(label::intersects);
  }

  /** Whether a label is so far from its point that a line has to lead there. */
  static boolean needsLeader(Point2D point, Rectangle2D label) {
    double x = Math.max(label.getMinX() - point.getX(), point.getX() - label.getMaxX());
    double y = Math.max(label.getMinY() - point.getY(), point.getY() - label.getMaxY());
    return Math.max(x, y) > GAP + 1;
  }
}
