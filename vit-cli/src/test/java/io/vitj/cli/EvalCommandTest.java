package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The default model takes the sample pullover for a shirt, and the shirt for a T-shirt; the other
 * eight samples it names right.
 */
class EvalCommandTest {
  @TempDir private Path folder;

  private Path data;

  @BeforeEach
  void sortTheSamples() throws IOException {
    data = folder.resolve("data");
    put("ankle boot", "ankle-boot.png");
    put("4", "coat.png");
    put("Pullover", "pullover.png");
    put("006", "shirt.png");
    put("6", "bag.png"); // a wrong label, not even among the best five
  }

  private void put(String label, String sample) throws IOException {
    Path target = Files.createDirectories(data.resolve(label)).resolve(sample);
    Files.copy(Fixtures.sample(sample), target);
  }

  @Test
  void countsWhatIsRight() {
    Run run = Run.vit("eval", "--data", data, "--format", "json");
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode json = Fixtures.json(run.out());
    assertThat(json.get("images").asInt()).isEqualTo(5);
    assertThat(json.get("top1").asInt()).isEqualTo(2);
    assertThat(json.get("images_per_second").asDouble()).isPositive();
    assertThat(json.has("classes")).isFalse();
  }

  @Test
  void countsClassesOnRequest() {
    JsonNode json =
        Fixtures.json(Run.vit("eval", "--data", data, "--format", "json", "--per-class").out());
    assertThat(json.get("classes")).hasSize(4);
    JsonNode shirts = json.get("classes").get(2);
    assertThat(shirts.get("label").asText()).isEqualTo("Shirt");
    assertThat(shirts.get("images").asInt()).isEqualTo(2);
    assertThat(shirts.get("top1").asInt()).isZero();
    assertThat(shirts.get("top5").asInt()).isBetween(1, 2);
    Run text = Run.vit("eval", "--data", data, "--per-class");
    assertThat(text.out()).contains("Ankle boot").contains("100.00 %").contains("images/s");
    assertThat(text.out()).contains("top-1").contains("40.00 %");
  }

  @Test
  void aZipGivesTheSame() throws IOException {
    Path zip = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
        var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = data.relativize(file).toString().replace('\\', '/');
        out.putNextEntry(new ZipEntry(name));
        Files.copy(file, out);
      }
    }
    JsonNode fromZip = Fixtures.json(Run.vit("eval", "--data", zip, "--format", "json").out());
    JsonNode fromFolder = Fixtures.json(Run.vit("eval", "--data", data, "--format", "json").out());
    for (String key : new String[] {"images", "top1", "top5"}) {
      assertThat(fromZip.get(key)).isEqualTo(fromFolder.get(key));
    }
  }

  @Test
  void aBadImageIsReportedAndNotCounted() throws IOException {
    Path bad = Files.writeString(data.resolve("4/bad.png"), "no image");
    Run run = Run.vit("eval", "--data", data, "--format", "json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains(bad.toString());
    assertThat(Fixtures.json(run.out()).get("images").asInt()).isEqualTo(5);
    assertThat(Fixtures.json(run.out()).get("failed").asInt()).isEqualTo(1);
  }

  @Test
  void anUnknownFolderIsAnError() throws IOException {
    put("Umbrella", "bag.png");
    Run run = Run.vit("eval", "--data", data);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains("'Umbrella'").contains("0 to 9");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void dataIsNeeded() {
    assertThat(Run.vit("eval").code()).isEqualTo(2);
    Run missing = Run.vit("eval", "--data", folder.resolve("missing"));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.complaint()).contains("no such file or directory");
  }
}
