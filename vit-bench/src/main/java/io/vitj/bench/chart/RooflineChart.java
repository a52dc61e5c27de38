package io.vitj.bench.chart;

import io.vitj.bench.Roofline;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Rates by arithmetic intensity under the roof of a machine, both axes logarithmic. */
public final class RooflineChart {
  /**
   * Something measured.
   *
   * @param label its name; points of one name share one label where no other has their intensity
   * @param intensity FLOP per byte
   * @param gflops its rate in GFLOP/s
   */
  public record Point(String label, double intensity, double gflops) {}

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 680;

  /** What axes and legend leave of the chart, to lay labels out in. */
  private static final Rectangle2D PLOT = new Rectangle2D.Double(0, 0, WIDTH - 72, HEIGHT - 112);

  private static final Font LABELS = ChartImage.font(10);
  private static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

  /** Room around what is drawn, as a factor. */
  private static final double MARGIN = 1.6;

  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.TRIANGLE_DOWN
  };

  private final String title;
  private final Roofline roof;
  private final Map<String, List<Point>> series = new LinkedHashMap<>();

  /**
   * Starts a chart.
   *
   * @param title what it shows
   * @param roof the bound
   */
  public RooflineChart(String title, Roofline roof) {
    this.title = title;
    this.roof = roof;
  }

  /**
   * Adds a series, wherever its points are: above the roof as well.
   *
   * @param name its name in the legend
   * @param points at least one
   * @return this chart
   */
  public RooflineChart points(String name, List<Point> points) {
    series.put(name, List.copyOf(points));
    return this;
  }

  /**
   * Draws the chart.
   *
   * @param file a PNG to make or to replace
   * @return the file
   * @throws IOException if it cannot be written
   */
  public Path write(Path file) throws IOException {
    return ChartImage.write(chart(), file);
  }

  private DoubleStream all(ToDoubleFunction<Point> value) {
    return series.values().stream().flatMap(List::stream).mapToDouble(value);
  }

  /** The chart, every point within its axes. */
  XYChart chart() {
    double left = Math.min(all(Point::intensity).min().orElseThrow(), roof.ridge()) / MARGIN;
    double right = Math.max(all(Point::intensity).max().orElseThrow(), roof.ridge()) * MARGIN;
    double bottom = Math.min(all(Point::gflops).min().orElseThrow(), roof.at(left)) / MARGIN;
    double top = Math.max(all(Point::gflops).max().orElseThrow(), roof.peak()) * MARGIN;
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    chart.setXAxisTitle("FLOP per byte of operands and result, each moved once");
    chart.setYAxisTitle("GFLOP/s");
    XYStyler style = chart.getStyler();
    ChartImage.style(style);
    style.setXAxisLogarithmic(true);
    style.setYAxisLogarithmic(true);
    style.setXAxisMin(left);
    style.setXAxisMax(right);
    style.setYAxisMin(bottom);
    style.setYAxisMax(top);
    style.setAnnotationTextFont(LABELS);
    style.setMarkerSize(7);
    style.setPlotContentSize(1);
    label(chart, new Scale(left, right, bottom, top));
    addRoof(chart, left, right);
    int index = 0;
    for (Map.Entry<String, List<Point>> entry : series.entrySet()) {
      XYSeries one =
          chart.addSeries(
              entry.getKey(),
              entry.getValue().stream().mapToDouble(Point::intensity).toArray(),
              entry.getValue().stream().mapToDouble(Point::gflops).toArray());
      one.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
      one.setMarker(MARKERS[index % MARKERS.length]);
      one.setMarkerColor(ChartImage.colour(index));
      index++;
    }
    return chart;
  }

  private void addRoof(XYChart chart, double left, double right) {
    String name =
        String.format(
            Locale.ROOT,
            "roof: FMA peak %.0f GFLOP/s, memory %.1f GB/s",
            roof.peak(),
            roof.bandwidth());
    XYSeries line =
        chart.addSeries(
            name,
            new double[] {left, roof.ridge(), right},
            new double[] {roof.at(left), roof.peak(), roof.peak()});
    line.setMarker(SeriesMarkers.NONE);
    line.setLineColor(ChartImage.LINE);
    line.setLineStyle(new BasicStroke(1.5f));
  }

  /** Names points, with lines to those whose name found no room beside them. */
  private void label(XYChart chart, Scale scale) {
    Map<String, Point> lowest = new LinkedHashMap<>();
    LabelLayout layout = new LabelLayout(PLOT);
    for (double x = 0; x < PLOT.getWidth(); x += 4) {
      double intensity = scale.intensity(x);
      layout.avoid(scale.pixels(intensity, roof.at(intensity)));
    }
    for (List<Point> points : series.values()) {
      for (Point point : points) {
        layout.avoid(scale.pixels(point.intensity(), point.gflops()));
        lowest.merge(
            isAlone(point) ? point.label() + ' ' + point.intensity() : point.toString(),
            point,
            (one, other) -> one.gflops() <= other.gflops() ? one : other);
      }
    }
    List<AnnotationText> texts = new ArrayList<>();
    for (Point point : lowest.values()) {
      Point2D at = scale.pixels(point.intensity(), point.gflops());
      Rectangle2D bounds = LABELS.getStringBounds(point.label(), METRICS);
      Rectangle2D label = layout.place(at, bounds.getWidth(), bounds.getHeight());
      double x = scale.intensity(label.getCenterX());
      double y = scale.gflops(label.getCenterY());
      texts.add(new AnnotationText(point.label(), x, y, false));
      if (LabelLayout.needsLeader(at, label)) {
        double end = label.getCenterY() > at.getY() ? label.getMinY() : label.getMaxY();
        leader(chart, point, x, scale.gflops(end));
      }
    }
    texts.forEach(chart::addAnnotation);
  }

  /** Whether all points of an intensity have one name. */
  private boolean isAlone(Point point) {
    return series.values().stream()
        .flatMap(List::stream)
        .filter(other -> other.intensity() == point.intensity())
        .allMatch(other -> other.label().equals(point.label()));
  }

  private static void leader(XYChart chart, Point point, double x, double y) {
    XYSeries line =
        chart.addSeries(
            "leader to " + point,
            new double[] {point.intensity(), x},
            new double[] {point.gflops(), y});
    line.setShowInLegend(false);
    line.setMarker(SeriesMarkers.NONE);
    line.setLineColor(ChartImage.GRID.darker());
    line.setLineStyle(new BasicStroke(0.5f));
  }

  /** Between values on logarithmic axes and pixels of the plot. */
  private record Scale(double left, double right, double bottom, double top) {
    Point2D pixels(double intensity, double gflops) {
      return new Point2D.Double(
          PLOT.getWidth() * Math.log(intensity / left) / Math.log(right / left),
          PLOT.getHeight() * Math.log(top / gflops) / Math.log(top / bottom));
    }

    double intensity(double x) {
      return left * Math.pow(right / left, x / PLOT.getWidth());
    }

    double gflops(double y) {
      return top * Math.pow(bottom / top, y / PLOT.getHeight());
    }
  }
}
