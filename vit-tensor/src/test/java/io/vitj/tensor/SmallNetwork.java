package io.vitj.tensor;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.kernel.Samples;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** A transformer of one block that uses every operation, with fixed random weights. */
final class SmallNetwork {
  static final int PIXELS = 3 * 24 * 24;

  private static final int PATCHES = 36;
  private static final int HEADS = 3;
  private static final int DIM = 60;
  private static final int HIDDEN = 100;

  private final Arena arena = Arena.ofAuto();
  private final TensorOps ops;
  private final Tensor pixels;
  private final Tensor patches;
  private final Tensor x;
  private final Tensor normal;
  private final Tensor qkv;
  private final Tensor probabilities;
  private final Tensor hidden;
  private final Tensor gated;
  private final Tensor probed;
  private final Tensor pooled;
  private final Tensor scores;
  private final Tensor positions = random(PATCHES, DIM);
  private final Tensor gamma = random(DIM);
  private final Tensor beta = random(DIM);
  private final PackedMatrix embed = weight(DIM, 48);
  private final PackedMatrix attend = weight(3 * DIM, DIM);
  private final PackedMatrix project = weight(DIM, DIM);
  private final PackedMatrix widen = weight(HIDDEN, DIM);
  private final PackedMatrix gate =
      PackedMatrix.pack(arena, random(2 * HIDDEN, DIM), random(2 * HIDDEN), DType.BF16);
  private final Tensor probe = random(1, HIDDEN);
  private final Tensor angles = random(PATCHES, DIM / HEADS);
  private final RelativePositionBias bias =
      new RelativePositionBias(arena, random(9 * 13 + 3, HEADS), 5, 7);
  private final PackedMatrix narrow = weight(DIM, HIDDEN);

  SmallNetwork(Parallel parallel, float... images) {
    ops = new TensorOps(arena, parallel);
    int n = images.length / PIXELS;
    pixels = Tensor.of(arena, Shape.of(n, 3, 24, 24), images);
    patches = Tensor.allocate(arena, Shape.of(n, PATCHES, 48));
    x = Tensor.allocate(arena, Shape.of(n, PATCHES, DIM));
    normal = Tensor.allocate(arena, x.shape());
    qkv = Tensor.allocate(arena, Shape.of(n, PATCHES, 3 * DIM));
    probabilities = Tensor.allocate(arena, Shape.of(n, HEADS, PATCHES, PATCHES));
    hidden = Tensor.allocate(arena, Shape.of(n, PATCHES, HIDDEN));
    gated = Tensor.allocate(arena, Shape.of(n, PATCHES, 2 * HIDDEN));
    probed = Tensor.allocate(arena, Shape.of(n, 1, HIDDEN));
    pooled = Tensor.allocate(arena, Shape.of(n, DIM));
    scores = Tensor.allocate(arena, pooled.shape());
  }

  private Tensor random(int... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(arena, shape, Samples.normal((int) shape.elements(), shape.hashCode()));
  }

  private PackedMatrix weight(int outputs, int inputs) {
    return PackedMatrix.pack(arena, random(outputs, inputs), random(outputs));
  }

  /** Computes; the same every time. */
  void run() {
    ops.begin();
    try {
      ops.patchify(pixels, 4, patches);
      ops.linear(patches, embed, x, Activation.NONE);
      ops.add(positions, x);
      ops.layerNorm(x, gamma, beta, 1e-6f, normal);
      ops.linear(normal, attend, qkv, Activation.NONE);
      ops.rotate(qkv, HEADS, angles);
      ops.attention(qkv, HEADS, 0.2f, bias, normal, probabilities);
      ops.linearAdd(normal, project, x);
      ops.causalAttention(qkv, HEADS, 0.2f, normal, null);
      ops.linearAdd(normal, project, x);
      ops.layerNorm(x, gamma, beta, 1e-6f, normal);
      ops.linear(normal, widen, hidden, Activation.GELU_ERF);
      ops.activation(Activation.GELU_TANH, hidden, hidden);
      ops.activation(Activation.SILU, hidden, hidden);
      ops.linear(normal, gate, gated, Activation.NONE);
      ops.swiGlu(gated, hidden);
      ops.linearAdd(hidden, narrow, x);
      ops.attentionOfSharedQueries(probe, gated, 4, 0.2f, probed, null);
      ops.meanRows(x, 0, pooled);
      ops.scale(pooled, 0.01f, pooled);
      ops.add(gamma, pooled);
      ops.activation(Activation.TANH, pooled, pooled);
      ops.softmax(pooled, scores);
    } finally {
      ops.end();
    }
  }

  /** What one image has led to: its tokens, its attention, its probe, its scores. */
  float[] result(int image) {
    float[] all = {};
    for (Tensor tensor : new Tensor[] {x, probabilities, probed, scores}) {
      float[] values = tensor.slice(image, 1).toFloats();
      int at = all.length;
      all = Arrays.copyOf(all, at + values.length);
      System.arraycopy(values, 0, all, at, values.length);
    }
    return all;
  }
}
