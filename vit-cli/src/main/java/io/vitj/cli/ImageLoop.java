package io.vitj.cli;

import io.vitj.model.ModelException;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.RgbImage;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Takes many images through loading and a computation, batch by batch, with progress. An image that
 * cannot be loaded is reported and has no value; the rest go on.
 *
 * @param <S> what stands for an image
 * @param <T> what it is loaded to
 */
final class ImageLoop<S, T> {
  /**
   * Computes on one batch and prints.
   *
   * @param <S> what stands for an image
   * @param <T> what it is loaded to
   */
  @FunctionalInterface
  interface Step<S, T> {
    /**
     * Computes.
     *
     * @param batch the items of a batch; {@link Batches.Item#value} is null where loading failed
     * @throws IOException if results cannot be written
     */
    void accept(List<Batches.Item<S, T>> batch) throws IOException;
  }

  private final VitCommand vit;
  private final LoadOptions options;
  private final Function<S, T> loader;
  private int loaded;
  private int failed;
  private double seconds;

  /**
   * Sets up a loop.
   *
   * @param vit the command that runs it
   * @param options how images are loaded
   * @param imageOf finds the image
   * @param prepare turns a decoded image into what the computation takes, on the loading threads
   */
  ImageLoop(
      VitCommand vit,
      LoadOptions options,
      Function<S, ImageSource> imageOf,
      Function<RgbImage, T> prepare) {
    this.vit = vit;
    this.options = options;
    DecodeLimits limits = options.limits();
    this.loader = source -> load(imageOf.apply(source), limits, prepare);
  }

  private static <T> T load(ImageSource image, DecodeLimits limits, Function<RgbImage, T> prepare) {
    RgbImage pixels = image.decode(limits);
    try {
      return prepare.apply(pixels);
    } catch (ModelException e) {
      throw new ModelException(image.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Runs over all images once.
   *
   * @param sources the images
   * @param step the computation
   * @return the exit code: 0, or 1 if an image could not be loaded
   * @throws IOException if results cannot be written
   */
  int run(List<S> sources, Step<S, T> step) throws IOException {
    try (Progress progress = new Progress(vit.terminal(), sources.size());
        Batches<S, T> batches = new Batches<>(sources, options.batch(), vit.threads(), loader)) {
      while (batches.hasNext()) {
        List<Batches.Item<S, T>> batch = batches.next();
        batch.forEach(item -> count(progress, item));
        progress.erase();
        step.accept(batch);
        if (vit.terminal().out().checkError()) {
          throw new ModelException("cannot write to standard output");
        }
        progress.advance(batch.size());
      }
      seconds = progress.seconds();
    }
    return failed == 0 ? 0 : 1;
  }

  private void count(Progress progress, Batches.Item<S, T> item) {
    if (item.failure() == null) {
      loaded++;
      return;
    }
    failed++;
    progress.erase();
    Failures.failed(vit.terminal(), item.failure(), vit.verbose());
  }

  /**
   * Returns the number of images that were computed on.
   *
   * @return all images less {@link #failed}
   */
  int loaded() {
    return loaded;
  }

  /**
   * Returns the number of images that could not be loaded.
   *
   * @return 0 if all went well
   */
  int failed() {
    return failed;
  }

  /**
   * Returns how long the run took.
   *
   * @return seconds, from the first image to the last
   */
  double seconds() {
    return seconds;
  }
}
