package io.vitj.bench.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Groups of bars, one group for a category and one colour for a series, and lines across them. */
public final class BarChart {
  private static final int HEIGHT = 420;
  private static final int LEAST_WIDTH = 720;

  /** A bar is just wide enough for the number on it, so that a page can show many at full size. */
  private static final int PIXELS_A_BAR = 34;

  /** Twice as fine as a plain screen. */
  private static final int DPI = 144;

  /** This engine first; told apart by people who see colours differently (Okabe and Ito, 2008). */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072B2),
          new Color(0xE69F00),
          new Color(0x999999),
          new Color(0xCC79A7),
          new Color(0x56B4E9),
          new Color(0x009E73),
          new Color(0xF0E442),
          new Color(0xD55E00));

  private static final Color LINE = new Color(0x333333);
  private static final Color GRID = new Color(0xE4E4E4);

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
    style.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    style.setChartTitleBoxVisible(false);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridVerticalLinesVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setLegendBorderColor(Color.WHITE);
    style.setAvailableSpaceFill(0.85);
    style.setLabelsVisible(true);
    style.setLabelsPosition(0.99);
    style.setLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
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
    series.setFillColor(COLOURS.get(bars % COLOURS.size()));
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
    series.setLineColor(LINE);
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
    Files.createDirectories(file.toAbsolutePath().getParent());
    BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DPI);
    return file;
  }
}
