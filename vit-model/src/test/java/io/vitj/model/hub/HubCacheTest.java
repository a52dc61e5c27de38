package io.vitj.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.family.ModelDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cache is the one of Hugging Face's tools. {@code tools/check_hub_cache.py} made the listings
 * of what huggingface_hub 1.33 wrote, with links and without, and runs the same checks with it.
 */
class HubCacheTest {
  private static final List<String> NAMES =
      List.of("org/name", "org/name@refs/pr/1", "solo@" + FakeHub.COMMIT);

  @TempDir private Path cache;

  private HubSettings settings(String listing, String endpoint) {
    return HubSettings.of(
        Map.of(
            "HF_HUB_CACHE",
            cache.toString(),
            "HF_ENDPOINT",
            endpoint,
            "HF_HUB_DISABLE_SYMLINKS",
            listing.equals("files.txt") ? "1" : "0"));
  }

  private static List<String> listing(String name) throws IOException {
    try (var in = Objects.requireNonNull(HubCacheTest.class.getResourceAsStream("/hub/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"links.txt", "files.txt"})
  void whatHuggingFaceWroteIsRead(String listing) throws IOException {
    Map<String, byte[]> contents = new HashMap<>();
    contents.put(sha256(new byte[0]), new byte[0]);
    byte[] commit = FakeHub.COMMIT.getBytes(StandardCharsets.US_ASCII);
    contents.put(sha256(commit), commit);
    FakeHub.model().values().forEach(content -> contents.put(sha256(content), content));
    for (String line : listing(listing)) {
      String[] entry = line.split(" (->|=) ");
      Path path = cache.resolve(entry[0]);
      Files.createDirectories(path.getParent());
      if (line.contains(" -> ")) {
        Files.createSymbolicLink(path, Path.of(entry[1]));
      } else if (!entry[0].equals("CACHEDIR.TAG")) {
        Files.write(path, Objects.requireNonNull(contents.get(entry[1]), line));
      }
    }
    for (String name : NAMES) {
      Path folder = ModelResolver.resolve(name, settings(listing, "http://127.0.0.1:9"));
      try (ModelDirectory model = ModelDirectory.open(folder)) {
        assertThat(model.family()).isEqualTo("Hugging Face ViT");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"links.txt", "files.txt"})
  void whatIsWrittenIsWhatHuggingFaceWrites(String listing) throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.publish("org/name")
          .publish("org/name", "refs/pr/1", FakeHub.COMMIT, FakeHub.model())
          .publish("solo");
      for (String name : NAMES) {
        Path folder =
            new ModelPull(settings(listing, hub.endpoint()))
                .pull(HubName.parse(name), PullProgress.NONE);
        assertThat(ModelResolver.resolve(name, settings(listing, hub.endpoint())))
            .isEqualTo(folder);
      }
    }
    assertThat(entries()).containsExactlyInAnyOrderElementsOf(listing(listing));
  }

  private List<String> entries() throws IOException {
    List<String> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path path : files.toList()) {
        String name = cache.relativize(path).toString().replace('\\', '/');
        if (Files.isSymbolicLink(path)) {
          entries.add(name + " -> " + Files.readSymbolicLink(path).toString().replace('\\', '/'));
        } else if (name.equals("CACHEDIR.TAG")) {
          entries.add(name + " = " + Files.readString(path).lines().findFirst().orElseThrow());
        } else if (Files.isRegularFile(path)) {
          entries.add(name + " = " + sha256(Files.readAllBytes(path)));
        }
      }
    }
    return entries;
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
