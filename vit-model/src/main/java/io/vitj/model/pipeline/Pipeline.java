package io.vitj.model.pipeline;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Session;
import io.vitj.model.SessionPool;
import io.vitj.model.ViTConfig;
import io.vitj.model.VisionTransformer;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.Preprocess;
import io.vitj.model.image.RgbImage;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.Parallel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * From images to results: decodes and preprocesses on all threads, runs batch after batch.
 * Thread-safe.
 */
final class Pipeline implements AutoCloseable {
  private final ModelBundle bundle;
  private final Preprocess preprocess;
  private final ViTConfig config;
  private final DecodeLimits limits;
  private final int maxBatch;
  private final Parallel parallel;
  private final SessionPool<Integer, Session> sessions;
  private volatile boolean closed;

  /**
   * Starts a pipeline.
   *
   * @param builder its settings
   * @param bundle the model; closed with the pipeline
   * @param model the model that runs, at the size of the preprocessing: that of the bundle, or a
   *     variant that shares its weights
   * @param detail what its sessions compute and keep
   * @throws ModelException if the preprocessing cannot be followed; nothing is closed then
   */
  Pipeline(
      PipelineBuilder<?> builder,
      ModelBundle bundle,
      VisionTransformer model,
      Session.Detail detail) {
    this.bundle = bundle;
    preprocess = builder.preprocess(bundle);
    VisionTransformer sized = model.at(preprocess.height(), preprocess.width());
    config = sized.config();
    limits = builder.limits();
    maxBatch = builder.maxBatch();
    parallel = builder.parallel();
    // Two callers keep the threads busy while one of them prepares its next images.
    sessions = SessionPool.of(sized, parallel, detail, Math.max(2, parallel.workers()));
  }

  DecodeLimits limits() {
    return limits;
  }

  /** The model that runs, at the size of its input. */
  ViTConfig config() {
    return config;
  }

  Preprocess preprocess() {
    return preprocess;
  }

  /**
   * Computes the output of each image.
   *
   * @param <S> what an image is given as
   * @param sources the images
   * @param decode gets the picture; called on any thread
   * @param output what is computed, (B, …)
   * @return one row for each
   */
  <S> List<float[]> run(
      List<S> sources, Function<S, RgbImage> decode, Function<Session, Tensor> output) {
    return compute(
        sources,
        decode,
        session -> {
          session.run();
          Tensor result = output.apply(session);
          List<float[]> rows = new ArrayList<>(session.batch());
          for (int b = 0; b < session.batch(); b++) {
            rows.add(result.slice(b, 1).toFloats());
          }
          return rows;
        });
  }

  /**
   * Computes something of each image.
   *
   * @param <S> what an image is given as
   * @param <R> what is computed
   * @param sources the images
   * @param decode gets the picture; called on any thread
   * @param run runs a session that has its input, and returns a result for each image of the batch
   * @return one result for each
   */
  <S, R> List<R> compute(
      List<S> sources, Function<S, RgbImage> decode, Function<Session, List<R>> run) {
    requireOpen();
    List<R> results = new ArrayList<>(sources.size());
    for (int i = 0; i < sources.size(); i += maxBatch) {
      List<S> batch = sources.subList(i, Math.min(i + maxBatch, sources.size()));
      results.addAll(infer(pixelValues(batch, decode), run));
    }
    return results;
  }

  private <S> float[][] pixelValues(List<S> sources, Function<S, RgbImage> decode) {
    float[][] pixels = new float[sources.size()][];
    Crew crew = parallel.crew();
    crew.begin();
    try {
      crew.run(
          pixels.length,
          (index, worker) -> pixels[index] = preprocess.apply(decode.apply(sources.get(index))));
    } finally {
      crew.end();
    }
    return pixels;
  }

  private <R> List<R> infer(float[][] pixels, Function<Session, List<R>> run) {
    try {
      return sessions.use(
          pixels.length,
          session -> {
            for (int b = 0; b < pixels.length; b++) {
              session.input().slice(b, 1).copyFrom(pixels[b]);
            }
            return run.apply(session);
          });
    } catch (IllegalStateException e) {
      requireOpen(); // it was closed meanwhile
      throw e;
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the pipeline of " + bundle.directory() + " is closed");
    }
  }

  /** Ends calls that wait, waits for those that run, and frees all memory. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      sessions.close();
      parallel.close();
      bundle.close();
    }
  }
}
