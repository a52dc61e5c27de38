package io.vitj.model;

import static io.vitj.model.Session.Detail.ATTENTION;
import static io.vitj.model.Session.Detail.FEATURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.nn.Observer;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
  /** 37 tokens, heads of 24: nothing divides evenly among threads. */
  private static final ViTConfig CONFIG =
      ViTConfig.builder()
          .image(48)
          .patch(8)
          .width(72)
          .depth(3)
          .heads(3)
          .mlpHidden(220)
          .classes(11)
          .build();

  private static final Arena ARENA = Arena.ofShared();
  private static final int IMAGES = 5;
  private static VisionTransformer model;
  private static float[] pixels;
  private static float[] logits;

  @BeforeAll
  static void computeOnOneThread() {
    model = VisionTransformer.of(new TestWeights(CONFIG, 7), ARENA);
    pixels = TestWeights.pixels(CONFIG, IMAGES, 8);
    logits = run(Parallel.sequential(), 0, IMAGES);
  }

  @AfterAll
  static void free() {
    ARENA.close();
  }

  private static float[] run(Parallel parallel, int first, int images) {
    try (Session session = new Session(model, parallel, images)) {
      int image = pixels.length / IMAGES;
      float[] input = new float[images * image];
      System.arraycopy(pixels, first * image, input, 0, input.length);
      session.input().copyFrom(input);
      session.run();
      return session.logits().toFloats();
    }
  }

  @Test
  void countsOnlyTheOperationsItDoes() {
    try (Session whole = new Session(model, Parallel.sequential(), 2, FEATURES);
        Session pooled = new Session(model, Parallel.sequential(), 2)) {
      assertThat(whole.flops()).isEqualTo(2 * CONFIG.flops());
      // 2 images × 36 tokens × 2 · (2·37·72 + 72² + 2·72·220)
      assertThat(whole.flops() - pooled.flops()).isEqualTo(2 * 36 * 84_384);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7})
  void hasTheSameBitsForAnyNumberOfThreads(int threads) {
    try (Parallel parallel = Parallel.owned(threads)) {
      for (int repetition = 0; repetition < 5; repetition++) {
        assertThat(run(parallel, 0, IMAGES)).isEqualTo(logits);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void hasTheSameBitsForAnImageInAnyBatch(int batch) {
    for (int first = 0; first + batch <= IMAGES; first++) {
      float[] expected = new float[batch * CONFIG.classes()];
      System.arraycopy(logits, first * CONFIG.classes(), expected, 0, expected.length);
      assertThat(run(Parallel.sequential(), first, batch)).isEqualTo(expected);
    }
  }

  @Test
  void runsOnABorrowedPoolFromOutsideAndFromItsOwnThreads() {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Parallel parallel = Parallel.borrowed(pool);
      assertThat(run(parallel, 0, IMAGES)).isEqualTo(logits);
      assertThat(pool.submit(() -> run(parallel, 0, IMAGES)).join()).isEqualTo(logits);
      // More inferences at once than the pool has threads: each has to do without helpers.
      List<ForkJoinTask<float[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        tasks.add(pool.submit(() -> run(parallel, 0, IMAGES)));
      }
      tasks.forEach(task -> assertThat(task.join()).isEqualTo(logits));
      parallel.close();
      assertThat(pool.isShutdown()).isFalse();
    }
  }

  @Test
  void anObserverNeedsASessionWithEveryToken() {
    try (Session session = new Session(model, Parallel.sequential(), 1)) {
      assertThatThrownBy(() -> session.run(new Observer() {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a session with results only cannot be observed");
    }
  }

  @Test
  void anObserverSeesTheRunItWasGivenTo() {
    int[] seen = new int[2];
    Observer counter =
        new Observer() {
          @Override
          public void attention(int block, Tensor probabilities) {
            seen[0]++;
          }

          @Override
          public void block(int block, Tensor x) {
            seen[1]++;
          }
        };
    for (Session.Detail detail : new Session.Detail[] {FEATURES, ATTENTION}) {
      try (Session session = new Session(model, Parallel.sequential(), IMAGES, detail)) {
        session.input().copyFrom(pixels);
        session.run(counter);
        assertThat(session.logits().toFloats()).isEqualTo(logits);
        session.run();
      }
    }
    assertThat(seen).containsExactly(CONFIG.depth(), 2 * CONFIG.depth());
  }

  @Test
  void keepsOutputsWhileTheNextInputIsWritten() {
    try (Session session = new Session(model, Parallel.sequential(), IMAGES, FEATURES)) {
      session.input().copyFrom(pixels);
      session.run();
      float[] features = session.features().toFloats();
      session.input().copyFrom(new float[pixels.length]);
      assertThat(session.logits().toFloats()).isEqualTo(logits);
      assertThat(session.features().toFloats()).isEqualTo(features);
    }
  }

  @Test
  void runsAgainWithTheSameResult() {
    try (Session session = new Session(model, Parallel.sequential(), IMAGES)) {
      for (int repetition = 0; repetition < 3; repetition++) {
        session.input().copyFrom(pixels);
        session.run();
        assertThat(session.logits().toFloats()).isEqualTo(logits);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesPixelsThatAreNoNumbers(float wrong) {
    try (Session session = new Session(model, Parallel.sequential(), 2)) {
      float[] input = new float[2 * 3 * 48 * 48];
      input[7000] = wrong;
      session.input().copyFrom(input);
      assertThatThrownBy(session::run)
          .isInstanceOf(ModelException.class)
          .hasMessage(
              "pixel_values holds "
                  + wrong
                  + " at index 7000 of (2, 3, 48, 48);"
                  + " every pixel must be a finite number");
    }
  }

  @Test
  void namesAnOutputThatTheModelLacks() {
    try (Session session = new Session(model, Parallel.sequential(), 1)) {
      assertThatThrownBy(session::features)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this session has no output features");
      assertThatThrownBy(session::distillationLogits)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this session has no output distillation_logits");
    }
    assertThatThrownBy(() -> new Session(model, Parallel.sequential(), 0))
        .isInstanceOf(ModelException.class)
        .hasMessage("a batch needs at least 1 image, not 0");
  }

  @Test
  void cannotRunOnceClosed() {
    Session session = new Session(model, Parallel.sequential(), 1);
    Tensor output = session.logits();
    session.close();
    assertThatThrownBy(session::run).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(output::toFloats).isInstanceOf(IllegalStateException.class);
  }
}
