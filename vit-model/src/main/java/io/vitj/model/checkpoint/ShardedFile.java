package io.vitj.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.json.JsonFiles;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A checkpoint in several files, as Hugging Face's libraries split one: an index names the shard of
 * each tensor in {@code weight_map}, and the shards lie beside it. Index and shards must agree on
 * every tensor.
 */
public final class ShardedFile implements CheckpointFile {
  /** What the name of an index ends with, behind the name of the whole. */
  static final String INDEX = ".index.json";

  private final Path index;
  private final Map<String, CheckpointFile> shards = new LinkedHashMap<>();
  private final SortedMap<String, StoredTensor> tensors = new TreeMap<>();
  private final Map<String, CheckpointFile> shardOf = new TreeMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  private ShardedFile(Path index) {
    this.index = index;
  }

  /**
   * Opens an index and all its shards.
   *
   * @param index the {@code .index.json} file, on any file system
   * @return the open files
   * @throws ModelException if one is missing or malformed, or they contradict each other
   */
  public static ShardedFile open(Path index) {
    ShardedFile file = new ShardedFile(index);
    try {
      file.openAll();
      return file;
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private void openAll() {
    Damage damage = new Damage(index, "index of shards");
    Map<String, String> listed = weightMap(damage);
    for (String shard : new TreeSet<>(listed.values())) {
      Path path = shardPath(shard, damage);
      CheckpointFile open = CheckpointFile.open(path);
      shards.put(shard, open);
      metadata.putAll(open.metadata());
    }
    for (Map.Entry<String, String> entry : listed.entrySet()) {
      String name = entry.getKey();
      CheckpointFile shard = shards.get(entry.getValue());
      StoredTensor tensor = shard.tensors().get(name);
      if (tensor == null) {
        throw damage.damaged(
            "tensor %s is listed in %s, and is %s",
            ModelException.quote(name), ModelException.quote(entry.getValue()), whereabouts(name));
      }
      tensors.put(name, tensor);
      shardOf.put(name, shard);
    }
    for (Map.Entry<String, CheckpointFile> shard : shards.entrySet()) {
      for (String name : shard.getValue().tensors().keySet()) {
        if (shardOf.get(name) != shard.getValue()) {
          throw damage.damaged(
              "tensor %s is in %s, where the index does not list it",
              ModelException.quote(name), ModelException.quote(shard.getKey()));
        }
      }
    }
  }

  private Map<String, String> weightMap(Damage damage) {
    JsonNode map = JsonFiles.readObject(index).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw damage.damaged("weight_map must be an object of tensor names and files");
    }
    Map<String, String> listed = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      if (!entry.getValue().isTextual()) {
        throw damage.damaged(
            "weight_map has no file name for tensor %s", ModelException.quote(entry.getKey()));
      }
      listed.put(entry.getKey(), entry.getValue().textValue());
    }
    return listed;
  }

  /** A shard is a file of the same folder and no index itself, whatever the index says. */
  private Path shardPath(String shard, Damage damage) {
    String quoted = ModelException.quote(shard);
    if (!shard.matches("[^/\\\\:\\x00]*[^/\\\\:\\x00.]") || shard.endsWith(INDEX)) {
      throw damage.damaged("it names the shard %s, which is no file of its folder", quoted);
    }
    try {
      Path path = index.resolveSibling(shard);
      if (Files.exists(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // No name that the file system knows: such a file is not there either.
    }
    throw damage.damaged("it names the shard %s, which is not there", quoted);
  }

  private String whereabouts(String tensor) {
    List<String> holders = new ArrayList<>();
    shards.forEach(
        (shard, file) -> {
          if (file.tensors().containsKey(tensor)) {
            holders.add(ModelException.quote(shard));
          }
        });
    return holders.isEmpty() ? "in none of the shards" : "in " + String.join(", ", holders);
  }

  @Override
  public Path path() {
    return index;
  }

  @Override
  public SortedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  /**
   * {@inheritDoc}
   *
   * <p>It is that of all shards together.
   */
  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public Tensor read(String name, Arena arena) {
    Weights.require(this, name);
    return shardOf.get(name).read(name, arena);
  }

  @Override
  public void close() {
    shards.values().forEach(CheckpointFile::close);
  }
}
