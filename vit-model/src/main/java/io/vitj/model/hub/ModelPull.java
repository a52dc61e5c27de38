package io.vitj.model.hub;

import io.vitj.model.ModelException;
import io.vitj.model.hub.HubClient.Listing;
import io.vitj.model.hub.HubClient.Metadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Fetches models into the cache that Hugging Face's tools use. Every file is checked against the
 * checksum that the hub names, and appears in one step; what a broken connection left is continued.
 * Several pulls, in one process or in several, may run at the same time.
 */
public final class ModelPull {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** What describes a model and its inputs, beside the weights. */
  private static final List<String> DESCRIPTIONS =
      List.of(
          "config.json",
          "open_clip_config.json",
          "preprocessor_config.json",
          "processor_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "spiece.model");

  private final HubSettings settings;
  private final Duration timeout;
  private final Duration firstPause;

  /**
   * Makes one with the settings of the environment.
   *
   * @throws ModelException if a variable has a value that cannot be used
   */
  public ModelPull() {
    this(HubSettings.fromEnvironment());
  }

  /**
   * Makes one.
   *
   * @param settings which hub, and where the cache lies
   */
  public ModelPull(HubSettings settings) {
    this(settings, TIMEOUT, FIRST_PAUSE);
  }

  /**
   * Makes one with times.
   *
   * @param settings which hub, and where the cache lies
   * @param timeout how long the hub may be silent
   * @param firstPause the pause after the first failure; each further one is twice as long
   */
  ModelPull(HubSettings settings, Duration timeout, Duration firstPause) {
    this.settings = settings;
    this.timeout = timeout;
    this.firstPause = firstPause;
  }

  /**
   * Fetches what a Vision Transformer needs: configs, tokenizer files, and the weights as
   * safetensors, or where there are none as PyTorch or NumPy wrote them.
   *
   * @param name the model
   * @param progress watches
   * @return the folder of its files in the cache
   * @throws ModelException if the hub refuses or cannot be reached, or the cache cannot be written
   */
  public Path pull(HubName name, PullProgress progress) {
    return pull(name, List.of(), progress);
  }

  /**
   * Fetches files of a repository.
   *
   * @param name the model
   * @param files their names in the repository; none for what a Vision Transformer needs
   * @param progress watches
   * @return the folder of its files in the cache
   * @throws ModelException if the hub refuses or cannot be reached, or the cache cannot be written
   */
  public Path pull(HubName name, List<String> files, PullProgress progress) {
    return settings.offline() ? cached(name, files) : new Run(name, progress).pull(files);
  }

  private Path cached(HubName name, List<String> files) {
    HubCache cache = new HubCache(settings, name.repository());
    return (files.isEmpty() ? ModelResolver.cached(name, settings) : cache.snapshot(name))
        .filter(snapshot -> files.stream().map(snapshot::resolve).allMatch(Files::exists))
        .orElseThrow(
            () ->
                new ModelException(
                    "%s: is not in the cache %s, and HF_HUB_OFFLINE forbids the network; unset it"
                        .formatted(name, settings.cache())));
  }

  /** One pull. */
  private final class Run {
    private final HubName name;
    private final HubCache cache;
    private final PullProgress progress;

    Run(HubName name, PullProgress progress) {
      this.name = name;
      this.cache = new HubCache(settings, name.repository());
      this.progress = progress;
    }

    Path pull(List<String> files) {
      try (HubClient client = new HubClient(settings, name, timeout)) {
        Listing listing = retries(name.toString()).run(client::list);
        if (files.isEmpty()) {
          fetch(client, listing, descriptions(listing));
          String weights = weights(listing);
          fetch(client, listing, List.of(weights));
          if (WeightFiles.isIndex(weights)) {
            Path index = cache.snapshot(listing.commit()).resolve(weights);
            fetch(client, listing, WeightFiles.shards(index));
          }
        } else {
          fetch(client, listing, files);
        }
        // last, so that a revision means its old files until the new ones are there
        cache.remember(name, listing.commit());
        return cache.snapshot(listing.commit());
      }
    }

    private Retries retries(String what) {
      return new Retries(what, firstPause, progress);
    }

    private List<String> descriptions(Listing listing) {
      List<String> files = new ArrayList<>(DESCRIPTIONS);
      files.retainAll(listing.files());
      return files;
    }

    private String weights(Listing listing) {
      List<String> weights = WeightFiles.find(listing.files());
      if (weights.isEmpty()) {
        throw new ModelException(
            name + ": has no weights that vitj reads (safetensors, PyTorch, npz)");
      }
      if (weights.size() > 1) {
        throw new ModelException(
            "%s: has %d files of weights; name one of %s after the model"
                .formatted(
                    name, weights.size(), ModelException.oneLine(String.join(", ", weights))));
      }
      return weights.getFirst();
    }

    private void fetch(HubClient client, Listing listing, Collection<String> files) {
      for (String file : files) {
        if (!listing.files().contains(file) || !isBelow(file)) {
          throw new ModelException(
              "%s: has no file %s; it has %s"
                  .formatted(
                      name,
                      ModelException.quote(file),
                      ModelException.oneLine(String.join(", ", listing.files()))));
        }
        fetch(client, listing.commit(), file);
      }
    }

    /** A repository must not name a file outside of its folder. */
    private static boolean isBelow(String file) {
      return !file.contains("\\")
          && !file.contains(":")
          && file.chars().noneMatch(Character::isISOControl)
          && Arrays.stream(file.split("/", -1)).noneMatch(p -> p.matches("\\.{0,2}"));
    }

    private void fetch(HubClient client, String commit, String file) {
      Path path = cache.snapshot(commit).resolve(file);
      if (Files.exists(path)) {
        return;
      }
      Metadata metadata = retries(file).run(() -> client.metadata(commit, file));
      cache.prepare();
      HubLock.locked(
          cache.lock(metadata.etag()),
          () -> progress.waiting(file + ": another process fetches it"),
          () -> {
            boolean fresh = !Files.exists(cache.blob(metadata.etag()));
            if (fresh && !Files.exists(path)) {
              new BlobDownload(client, cache, commit, file, metadata, firstPause, progress).run();
            }
            cache.link(metadata.etag(), path, fresh);
          });
    }
  }
}
