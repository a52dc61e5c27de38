package io.vitj.cli;

import io.vitj.model.ModelException;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.RgbImage;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Takes many images through loading, a computation and printing, batch by batch, with progress. An
 * image that cannot be loaded or computed on is reported and left out; the rest go on.
 *
 * @param <S> what stands for an image
 * @param <T> what it is loaded to
 * @param <R> what is computed from it
 */
final class ImageLoop<S, T, R> {
  /**
   * Takes results in the order of the images.
   *
   * @param <S> what stands for an image
   * @param <R> what was computed from it
   */
  @FunctionalInterface
  interface Sink<S, R> {
    /**
     * Takes a result.
     *
     * @param source the image
     * @param result what was computed; null if the image was left out
     * @throws IOException if it cannot be written
     */
    void accept(S source, R result) throws IOException;
  }

  private final VitCommand vit;
  private final LoadOptions options;
  private final Function<S, ImageSource> imageOf;
  private final Function<S, T> loader;
  private final Function<List<T>, List<R>> computation;
  private final Sink<S, R> sink;
  private int computed;
  private int leftOut;
  private double seconds;

  /**
   * Sets up a loop.
   *
   * @param vit the command that runs it
   * @param options how images are loaded
   * @param imageOf finds the image
   * @param prepare turns a decoded image into what the computation takes, on the loading threads
   * @param computation computes on a batch; a result for each
   * @param sink takes the results
   */
  ImageLoop(
      VitCommand vit,
      LoadOptions options,
      Function<S, ImageSource> imageOf,
      Function<RgbImage, T> prepare,
      Function<List<T>, List<R>> computation,
      Sink<S, R> sink) {
    DecodeLimits limits = options.limits();
    this.vit = vit;
    this.options = options;
    this.imageOf = imageOf;
    this.loader = source -> load(imageOf.apply(source), limits, prepare);
    this.computation = computation;
    this.sink = sink;
  }

  /**
   * Makes a loop over images as they are decoded.
   *
   * @param vit the command that runs it
   * @param options how images are loaded
   * @param computation computes on a batch; a result for each
   * @param sink takes the results
   * @return the loop
   * @param <R> what is computed
   */
  static <R> ImageLoop<ImageSource, RgbImage, R> of(
      VitCommand vit,
      LoadOptions options,
      Function<List<RgbImage>, List<R>> computation,
      Sink<ImageSource, R> sink) {
    return new ImageLoop<>(
        vit, options, Function.identity(), Function.identity(), computation, sink);
  }

  private static <T> T load(ImageSource image, DecodeLimits limits, Function<RgbImage, T> prepare) {
    RgbImage pixels = image.decode(limits);
    try {
      return prepare.apply(pixels);
    } catch (ModelException e) {
      throw image.named(e);
    }
  }

  /**
   * Runs over all images once.
   *
   * @param sources the images
   * @return the exit code: 0, or 1 if an image was left out
   * @throws IOException if results cannot be written
   */
  int run(List<S> sources) throws IOException {
    try (Progress progress = new Progress(vit.terminal(), sources.size());
        Batches<S, T> batches = new Batches<>(sources, options.batch(), vit.threads(), loader)) {
      while (batches.hasNext()) {
        List<Batches.Item<S, T>> batch = batches.next();
        progress.erase();
        process(batch);
        if (vit.terminal().out().checkError()) {
          throw new ModelException("cannot write to standard output");
        }
        progress.advance(batch.size());
      }
      seconds = progress.seconds();
    }
    return leftOut == 0 ? 0 : 1;
  }

  private void process(List<Batches.Item<S, T>> batch) throws IOException {
    List<T> values =
        batch.stream().filter(item -> item.failure() == null).map(Batches.Item::value).toList();
    List<R> results;
    try {
      results = computation.apply(values);
    } catch (ModelException e) {
      blame(batch, e);
      return;
    }
    Iterator<R> next = results.iterator();
    for (Batches.Item<S, T> item : batch) {
      if (item.failure() == null) {
        computed++;
        sink.accept(item.source(), next.next());
      } else {
        leaveOut(item.source(), item.failure());
      }
    }
  }

  /** A batch that fails is computed again one by one, to find out which image is the cause. */
  private void blame(List<Batches.Item<S, T>> batch, ModelException failure) throws IOException {
    if (batch.size() == 1) {
      S source = batch.getFirst().source();
      leaveOut(source, imageOf.apply(source).named(failure));
      return;
    }
    for (Batches.Item<S, T> item : batch) {
      process(List.of(item));
    }
  }

  private void leaveOut(S source, Throwable failure) throws IOException {
    leftOut++;
    Failures.failed(vit.terminal(), failure, vit.verbose());
    sink.accept(source, null);
  }

  /**
   * Returns the number of images that were computed on.
   *
   * @return all images less those {@link #leftOut}
   */
  int computed() {
    return computed;
  }

  /**
   * Returns the number of images that were left out.
   *
   * @return 0 if all went well
   */
  int leftOut() {
    return leftOut;
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
