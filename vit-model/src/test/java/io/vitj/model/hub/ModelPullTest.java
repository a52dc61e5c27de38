package io.vitj.model.hub;

import static io.vitj.model.hub.FakeHub.COMMIT;
import static io.vitj.model.hub.FakeHub.CONFIG;
import static io.vitj.model.hub.FakeHub.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which files of which revision are fetched. */
class ModelPullTest extends PullFixture {
  @Test
  void whatAModelNeedsIsFetchedOnce() throws IOException {
    hub.publish("org/name");
    Path folder = pull("org/name");
    assertComplete(folder);
    assertThat(folder.resolve("README.md")).doesNotExist();
    assertThat(partials()).isEmpty();
    int size = FakeHub.model().get(WEIGHTS).length;
    assertThat(events.lines)
        .endsWith("begin " + WEIGHTS + ' ' + size + " 0", "end " + WEIGHTS + ' ' + size);
    int before = hub.requests().size();
    assertThat(pull("org/name")).isEqualTo(folder);
    assertThat(hub.requests()).hasSize(before + 1);
  }

  @Test
  void revisionsWithSlashesAreOnePartOfTheAddress() {
    hub.publish("solo", "refs/pr/1", COMMIT, FakeHub.model());
    assertComplete(pull("solo@refs/pr/1"));
    assertThat(hub.requests("refs%2Fpr%2F1")).hasSize(1);
    assertThat(cache.resolve("models--solo/refs/refs/pr/1")).hasContent(COMMIT);
  }

  @Test
  void aNewCommitSharesTheBytesThatStayed() throws IOException {
    hub.publish("org/name");
    Path old = pull("org/name");
    Map<String, byte[]> files = FakeHub.model();
    files.put(CONFIG, "{}".getBytes(StandardCharsets.UTF_8));
    hub.publish("org/name", "main", "f".repeat(40), files);
    Path folder = pull("org/name");
    assertThat(folder).isNotEqualTo(old);
    assertThat(folder.resolve(CONFIG)).hasContent("{}");
    assertThat(hub.requests("storage GET")).hasSize(1);
    assertThat(folder.resolve(WEIGHTS).toRealPath()).isEqualTo(old.resolve(WEIGHTS).toRealPath());
    assertComplete(old);
  }

  @Test
  void aRevisionMeansItsOldFilesUntilTheNewAreThere() {
    hub.publish("org/name");
    Path old = pull("org/name");
    Map<String, byte[]> files = FakeHub.model();
    files.put(WEIGHTS, new byte[] {1});
    hub.publish("org/name", "main", "f".repeat(40), files).next(WEIGHTS, FakeHub.status(404));
    assertRefused("org/name", "HTTP 404");
    assertThat(ModelResolver.resolve("org/name", HubSettings.of(environment))).isEqualTo(old);
  }

  @Test
  void shardsFollowTheirIndex() {
    Map<String, byte[]> files = new TreeMap<>(FakeHub.model());
    files.remove(WEIGHTS);
    files.put("model-1.safetensors", new byte[] {1});
    files.put("model-2.safetensors", new byte[] {2});
    files.put("pytorch_model.bin", new byte[] {3});
    String index = "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}";
    files.put("model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
    hub.publish("org/name", "main", COMMIT, files);
    Path folder = pull("org/name");
    assertThat(folder.resolve("model-1.safetensors")).hasBinaryContent(new byte[] {1});
    assertThat(folder.resolve("model-2.safetensors")).hasBinaryContent(new byte[] {2});
    assertThat(folder.resolve("pytorch_model.bin")).doesNotExist();
    assertThat(ModelResolver.resolve("org/name", HubSettings.of(environment))).isEqualTo(folder);
  }

  @Test
  void aShardThatTheRepositoryLacksIsNamed() {
    Map<String, byte[]> files = FakeHub.model();
    files.remove(WEIGHTS);
    String index = "{\"weight_map\":{\"a\":\"x.safetensors\"}}";
    files.put("model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
    hub.publish("org/name", "main", COMMIT, files);
    assertRefused("org/name", "org/name: has no file 'x.safetensors'");
  }

  @Test
  void filesMayBeNamed() {
    Map<String, byte[]> files = FakeHub.model();
    files.put("sub/a.bin", new byte[] {1});
    files.put("../evil", new byte[] {1});
    files.put("a:b", new byte[] {1});
    hub.publish("org/name", "main", COMMIT, files);
    Path folder = pull("org/name", "README.md");
    assertThat(folder.resolve("README.md")).hasContent("# A model");
    assertThat(folder.resolve(WEIGHTS)).doesNotExist();
    for (String wrong : List.of("no.such", "../evil", "a:b")) {
      assertThatThrownBy(() -> pull("org/name", wrong))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("org/name: has no file '" + wrong + "'; it has ");
    }
  }

  @Test
  void aRepositoryWithoutUsualWeightsSaysWhichItHas() {
    Map<String, byte[]> files = FakeHub.model();
    files.remove(WEIGHTS);
    hub.publish("org/name", "main", COMMIT, files);
    assertRefused("org/name", "has no weights that vitj reads");
    files.put("a.safetensors", new byte[1]);
    files.put("b.safetensors", new byte[1]);
    assertRefused("org/name", "a.safetensors, b.safetensors", "after the model");
  }

  @Test
  void offlineOnlyTheCacheIsAsked() {
    hub.publish("org/name");
    environment.put("HF_HUB_OFFLINE", "1");
    assertRefused("org/name", "is not in the cache", "HF_HUB_OFFLINE");
    environment.remove("HF_HUB_OFFLINE");
    Path folder = pull("org/name");
    int before = hub.requests().size();
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(pull("org/name")).isEqualTo(folder);
    assertThat(pull("org/name", CONFIG)).isEqualTo(folder);
    assertThatThrownBy(() -> pull("org/name", "README.md")).hasMessageContaining("HF_HUB_OFFLINE");
    assertThat(hub.requests()).hasSize(before);
  }
}
