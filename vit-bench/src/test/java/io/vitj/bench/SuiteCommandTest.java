package io.vitj.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitj.model.ModelException;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteCommandTest {
  @TempDir private Path directory;

  @Test
  void reportsRatesBesideThePeakOfTheSameRun() throws Exception {
    System.setProperty("vitj.bench.directory", directory.toString());
    System.setProperty("jmh.ignoreLock", "true");
    String[] args =
        ("kernel --output small --providers auto GemmBenchmark -p shape=TI16_PROJ -p rows=197"
                + " -v SILENT -f 0 -wi 1 -w 100ms -i 3 -r 100ms")
            .split(" ");

    SuiteCommand.parse(args).run();

    JsonNode report = new ObjectMapper().readTree(directory.resolve("results/small.json").toFile());
    assertThat(report.at("/machine/cores").asInt()).isPositive();
    assertThat(report.at("/measurements")).hasSize(1);
    JsonNode gemm = report.at("/measurements/0");
    assertThat(gemm.get("benchmark").asText()).isEqualTo("kernel.GemmBenchmark.linear");
    assertThat(gemm.at("/parameters/shape").asText()).isEqualTo("TI16_PROJ");
    double flops = 2.0 * 197 * 192 * 192;
    double micros = gemm.at("/micros/median").asDouble();
    assertThat(gemm.at("/gflops/median").asDouble())
        .isCloseTo(flops / micros / 1e3, within(1e-3 * flops / micros));
    assertThat(gemm.at("/peak/median").asDouble()).isPositive();
    assertThat(gemm.at("/share/median").asDouble()).isPositive();
    assertThat(gemm.at("/bandwidth/median").asDouble()).isPositive();
    assertThat(directory.resolve("results/small-roofline-t1.png")).isNotEmptyFile();
    assertThat(gemm.at("/heapBytes/median").isNumber()).isTrue();
    assertThat(Files.readString(directory.resolve("results/small.md")))
        .contains("Memory is read at ", "GB/s by 1 thread.")
        .contains("| kernel.GemmBenchmark.linear | epilogue=BIAS, rows=197, shape=TI16_PROJ");
  }

  @Test
  void drawsAReportAgain() throws Exception {
    System.setProperty("vitj.bench.directory", directory.toString());
    Path results = Files.createDirectory(directory.resolve("results"));
    Files.copy(Path.of("src/test/resources/gemm.json"), results.resolve("gemm.json"));

    ChartsCommand.parse(List.of("gemm")).run();

    BufferedImage chart = ImageIO.read(results.resolve("gemm.png").toFile());
    assertThat(chart.getWidth()).isGreaterThan(chart.getHeight());
    assertThat(results.resolve("gemm-roofline-t1.png")).doesNotExist();
    assertThatThrownBy(() -> ChartsCommand.parse(List.of("none")).run())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("there is no report");
    assertThatThrownBy(() -> ChartsCommand.parse(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWhatIsNoSuite() {
    assertThatThrownBy(() -> SuiteCommand.parse("kernels"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("kernel, layer, model, peer, peers, compare or charts");
    assertThatThrownBy(() -> SuiteCommand.parse("kernel", "--output"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--output needs a value");
  }
}
