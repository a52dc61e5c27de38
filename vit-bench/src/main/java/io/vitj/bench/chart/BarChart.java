package io.vitj.bench.chart;

import java.awt.BasicStroke;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Groups of bars, one group for a category and one colour for a series, and lines across them. */
public final class BarChart {
  private static final int HEIGHT = 420;
  private static final int LEAST_WIDTH = 720;

  /** A bar is just wide enough for the number on it, so that a page can show many at full size. */
  private static final int PIXELS_A_BAR = 34;

  private final CategoryChart chart;
  private final List<String> categories;
  private int bars;

  /**
   * Starts a chart.
   *
   * @param title what it shows
   * @param values what the bars measure
   * @param categories the groups
   * @param series the number of bars in a group
   */
  public BarChart(String title, String values, List<String> categories, int series) {
    this.categories = categories;
    int width = Math.max(LEAST_WIDTH, categories.size() * (series + 1) * PIXELS_A_BAR);
    chart = new CategoryChartBuilder().width(width).height(HEIGHT).title(title).build();
    chart.setYAxisTitle(values);
    CategoryStyler style = chart.getStyler();
    ChartImage.style(style);
    style.setPlotGridVerticalLinesVisible(false);
    style.setAvailableSpaceFill(0.85);
    style.setLabelsVisible(true);
    style.setLabelsPosition(0.99);
    style.setLabelsFont(ChartImage.font(11));
    style.setYAxisMin(0.0);
  }

  /**
   * Adds a series of bars.
   *
   * @param name its name in the legend
   * @param numbers one for each category; null for none
   * @return this chart
   */
  public BarChart bars(String name, List<Double> numbers) {
    CategorySeries series = chart.addSeries(name, categories, numbers);
    series.setFillColor(ChartImage.colour(bars));
    bars++;
    return this;
  }

  /**
   * Adds a line that bars are held against.
   *
   * @param name its name in the legend
   * @param numbers one for each category
   * @return this chart
   */
  public BarChart line(String name, List<Double> numbers) {
    CategorySeries series = chart.addSeries(name, categories, numbers);
    series.setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Line);
    series.setLineColor(ChartImage.LINE);
    series.setLineStyle(
        new BasicStroke(
            1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0));
    series.setMarker(SeriesMarkers.NONE);
    return this;
  }

  /**
   * Sets how the numbers are written.
   *
   * @param pattern of {@link java.text.DecimalFormat}
   * @return this chart
   */
  public BarChart numbers(String pattern) {
    chart.getStyler().setYAxisDecimalPattern(pattern);
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
    return ChartImage.write(chart, file);
  }
}
