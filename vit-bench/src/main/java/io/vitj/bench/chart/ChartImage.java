package io.vitj.bench.chart;

import io.vitj.model.checkpoint.OutputFile;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The looks that all charts share, and their files. */
final class ChartImage {
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

  /** For lines that values are held against. */
  static final Color LINE = new Color(0x333333);

  /** For lines that must not stand out. */
  static final Color GRID = new Color(0xE4E4E4);

  private ChartImage() {}

  /** Returns the colour of a series by its place. */
  static Color colour(int series) {
    return COLOURS.get(series % COLOURS.size());
  }

  /** A font for text in the plot. */
  static Font font(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  static void style(AxesChartStyler style) {
    style.setBaseFont(font(12));
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
    style.setChartTitleBoxVisible(false);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setLegendBorderColor(Color.WHITE);
  }

  /** Draws a chart as PNG. Returns the file, which appears when it is complete. */
  static Path write(Chart<?, ?> chart, Path file) throws IOException {
    Path temporary = Files.createTempFile("chart", ".png");
    try {
      BitmapEncoder.saveBitmapWithDPI(chart, temporary.toString(), BitmapFormat.PNG, DPI);
      Files.createDirectories(file.toAbsolutePath().getParent());
      OutputFile.write(file, Files.readAllBytes(temporary));
    } finally {
      Files.delete(temporary);
    }
    return file;
  }
}
