package io.vitj.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.bench.Roofline;
import io.vitj.bench.chart.RooflineChart.Point;
import io.vitj.model.ModelException;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

class RooflineChartTest {
  private static final Point INSIDE = new Point("B/16 FC1", 70, 200);

  /** What a cache holds may be read faster than memory, and Winograd's product beats the peak. */
  private static final Point ABOVE = new Point("Ti/16", 0.5, 900);

  @TempDir private Path directory;

  private static RooflineChart chart(Point... points) {
    return new RooflineChart("Test", new Roofline(240, 30)).points("engine", List.of(points));
  }

  @Test
  void showsWhatIsAboveTheRoof() {
    XYChart chart = chart(INSIDE, ABOVE).chart();
    assertThat(chart.getStyler().getYAxisMax()).isGreaterThan(900);
    assertThat(chart.getStyler().getXAxisMin()).isLessThan(0.5);
    assertThat(chart.getSeriesMap().get("engine").getYData()).containsExactly(200, 900);
    assertThat(chart.getSeriesMap().get("roof: FMA peak 240 GFLOP/s, memory 30.0 GB/s").getXData())
        .containsExactly(chart.getStyler().getXAxisMin(), 8, chart.getStyler().getXAxisMax());
  }

  @Test
  void drawsThePointAboveInItsColour() throws Exception {
    int colour = ChartImage.colour(0).getRGB();
    BufferedImage without = ImageIO.read(chart(INSIDE).write(file("a.png")).toFile());
    BufferedImage with = ImageIO.read(chart(INSIDE, ABOVE).write(file("b.png")).toFile());
    assertThat(count(with, colour) - count(without, colour)).isGreaterThan(50);
  }

  @Test
  void namesEveryPointWhereTwoShareAnIntensity() throws Exception {
    long dark = inked(chart(INSIDE, new Point("B/16 FC1", 70, 20)));
    assertThat(inked(chart(INSIDE, new Point("B/16 FC2", 70, 20)))).isGreaterThan(dark + 50);
  }

  private long inked(RooflineChart chart) throws Exception {
    return count(ImageIO.read(chart.write(file("a.png")).toFile()), 0xFF000000);
  }

  private static long count(BufferedImage image, int colour) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).filter(pixel -> pixel == colour).count();
  }

  private Path file(String name) {
    return directory.resolve("results").resolve(name);
  }

  @Test
  void replacesAFileAndLeavesNothingElse() throws Exception {
    Files.createDirectory(directory.resolve("results"));
    Files.writeString(file("a.png"), "an older chart");
    chart(INSIDE).write(file("a.png"));
    assertThat(ImageIO.read(file("a.png").toFile())).isNotNull();
    assertThat(directory.resolve("results")).isDirectoryContaining("glob:**a.png");
    assertThat(directory.resolve("results").toFile().list()).hasSize(1);
    Files.createDirectory(file("folder.png"));
    assertThatThrownBy(() -> chart(INSIDE).write(file("folder.png")))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith("it is a folder");
  }

  @Test
  void laysLabelsOutApart() {
    LabelLayout layout = new LabelLayout(new Rectangle2D.Double(0, 0, 400, 300));
    Point2D point = new Point2D.Double(200, 150);
    layout.avoid(point);
    List<Rectangle2D> labels = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Rectangle2D label = layout.place(point, 80, 12);
      assertThat(labels).noneMatch(label::intersects);
      assertThat(label.contains(point)).isFalse();
      labels.add(label);
    }
    assertThat(LabelLayout.needsLeader(point, labels.getFirst())).isFalse();
    assertThat(LabelLayout.needsLeader(point, labels.getLast())).isTrue();
  }
}
