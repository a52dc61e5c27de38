package io.vitj.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelResolverTest {
  @TempDir private Path cache;

  private HubSettings settings() {
    // an address that nobody answers: resolving must not notice
    return HubSettings.of(
        Map.of("HF_HUB_CACHE", cache.toString(), "HF_ENDPOINT", "http://127.0.0.1:9"));
  }

  private Path snapshot() throws IOException {
    return Files.createDirectories(
        cache.resolve("models--org--name/snapshots").resolve(FakeHub.COMMIT));
  }

  @Test
  void aPathThatExistsWins() throws IOException {
    Path model = Fixtures.path("hf-vit");
    assertThat(ModelResolver.resolve(model.toString())).isEqualTo(model);
    Files.writeString(snapshot().resolve(FakeHub.WEIGHTS), "");
    assertThat(ModelResolver.resolve("src/test", settings())).isEqualTo(Path.of("src/test"));
    Path file = model.resolve(FakeHub.WEIGHTS);
    assertThat(ModelResolver.resolve(file.toString(), settings())).isEqualTo(file);
  }

  @Test
  void aCommitNeedsNoReference() throws IOException {
    Path snapshot = snapshot();
    Files.writeString(snapshot.resolve(FakeHub.WEIGHTS), "");
    assertThat(ModelResolver.resolve("org/name@" + FakeHub.COMMIT, settings())).isEqualTo(snapshot);
    assertThatThrownBy(() -> ModelResolver.resolve("org/name@v2", settings()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "org/name@v2: there is no such file or folder, and the cache %s has no revision 'v2' of"
                + " that model; run 'vit pull org/name@v2'",
            cache);
  }

  @Test
  void aReferenceMayEndWithALineBreakAndMustBeACommit() throws IOException {
    Path snapshot = snapshot();
    Files.writeString(snapshot.resolve(FakeHub.WEIGHTS), "");
    Path reference = cache.resolve("models--org--name/refs/main");
    Files.createDirectories(reference.getParent());
    Files.writeString(reference, FakeHub.COMMIT + "\n");
    assertThat(ModelResolver.resolve("org/name", settings())).isEqualTo(snapshot);
    Files.writeString(reference, "../../..");
    assertThatThrownBy(() -> ModelResolver.resolve("org/name", settings()))
        .hasMessageContaining("vit pull org/name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-org/no-such-name", "no-such-name", "org/name@v1"})
  void aNameThatIsNowhereSaysWhatWasTried(String name) {
    assertThatThrownBy(() -> ModelResolver.resolve(name, settings()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "%s: there is no such file or folder, and the cache %s has no such model; run 'vit pull"
                + " %s'",
            name, cache, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "./model", "/no/such/model", "a/b/c"})
  void whatIsNoNameIsSaidToBeNone(String model) {
    assertThatThrownBy(() -> ModelResolver.resolve(model, settings()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("there is no such file or folder, and it is no name of a model")
        .hasMessageNotContaining("vit pull");
  }

  @Test
  void aSnapshotWithoutWeightsIsToBeCompleted() throws IOException {
    Path snapshot = snapshot();
    Files.writeString(snapshot.resolve(FakeHub.CONFIG), "{}");
    String name = "org/name@" + FakeHub.COMMIT;
    assertIncomplete(name, "weights");
    Files.createSymbolicLink(snapshot.resolve(FakeHub.WEIGHTS), Path.of("../../blobs/gone"));
    assertIncomplete(name, "weights");
    Files.writeString(
        snapshot.resolve("pytorch_model.bin.index.json"),
        "{\"weight_map\": {\"a\": \"1.bin\", \"b\": \"2.bin\"}}");
    Files.writeString(snapshot.resolve("1.bin"), "");
    assertIncomplete(name, "2.bin");
    Files.writeString(snapshot.resolve("2.bin"), "");
    assertThat(ModelResolver.resolve(name, settings())).isEqualTo(snapshot);
  }

  private void assertIncomplete(String name, String missing) {
    assertThatThrownBy(() -> ModelResolver.resolve(name, settings()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("without its " + missing)
        .hasMessageContaining("vit pull " + name);
  }
}
