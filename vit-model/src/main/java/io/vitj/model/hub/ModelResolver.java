package io.vitj.model.hub;

import io.vitj.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the files of what a user calls a model: a file or folder, or else a name on the hub that is
 * in the cache. It never touches the network; {@link ModelPull} fills the cache.
 */
public final class ModelResolver {
  private ModelResolver() {}

  /**
   * Finds a model, with the settings of the environment.
   *
   * @param model a path, or {@code org/name}, or {@code org/name@revision}; a path that exists wins
   * @return the path, or the folder in the cache
   * @throws ModelException if it is neither, or not in the cache, or there without its weights
   * @throws java.nio.file.InvalidPathException if it has characters that no path has here
   */
  public static Path resolve(String model) {
    Optional<Path> path = existing(model);
    return path.isPresent() ? path.get() : resolve(model, HubSettings.fromEnvironment());
  }

  /**
   * Finds a model.
   *
   * @param model a path, or {@code org/name}, or {@code org/name@revision}; a path that exists wins
   * @param settings where the cache lies
   * @return the path, or the folder in the cache
   * @throws ModelException if it is neither, or not in the cache, or there without its weights
   * @throws java.nio.file.InvalidPathException if it has characters that no path has here
   */
  public static Path resolve(String model, HubSettings settings) {
    Optional<Path> path = existing(model);
    if (path.isPresent()) {
      return path.get();
    }
    HubName name =
        HubName.find(model)
            .orElseThrow(
                () ->
                    new ModelException(
                        (model.isEmpty() ? "''" : model)
                            + ": there is no such file or folder, and it is no name of a model"
                            + " such as org/name"));
    return cached(name, settings)
        .orElseThrow(
            () ->
                new ModelException(
                    "%s: there is no such file or folder, and the cache %s has %s; run 'vit pull %s'"
                        .formatted(model, settings.cache(), absence(name, settings), name)));
  }

  private static Optional<Path> existing(String model) {
    return Optional.of(model).filter(m -> !m.isEmpty()).map(Path::of).filter(Files::exists);
  }

  private static String absence(HubName name, HubSettings settings) {
    return new HubCache(settings, name.repository()).exists()
        ? "no revision " + ModelException.quote(name.revision()) + " of that model"
        : "no such model";
  }

  /**
   * Finds a model in the cache.
   *
   * @param name its name
   * @param settings where the cache lies
   * @return the folder of its files, if it is there
   * @throws ModelException if it is there without its weights
   */
  static Optional<Path> cached(HubName name, HubSettings settings) {
    Optional<Path> snapshot = new HubCache(settings, name.repository()).snapshot(name);
    snapshot.ifPresent(folder -> requireWeights(name, folder));
    return snapshot;
  }

  /** Other tools, and a download that was cut, leave snapshots with a part of the files. */
  private static void requireWeights(HubName name, Path snapshot) {
    List<String> files = HubCache.files(snapshot);
    List<String> weights = WeightFiles.find(files);
    if (weights.isEmpty()) {
      throw incomplete(name, snapshot, "weights");
    }
    if (WeightFiles.isIndex(weights.getFirst())) {
      Set<String> shards = WeightFiles.shards(snapshot.resolve(weights.getFirst()));
      for (String shard : shards) {
        if (!files.contains(shard)) {
          throw incomplete(name, snapshot, shard);
        }
      }
    }
  }

  private static ModelException incomplete(HubName name, Path snapshot, String missing) {
    return new ModelException(
        "%s: the cache has it without its %s (%s); run 'vit pull %s'"
            .formatted(name, missing, snapshot, name));
  }
}
