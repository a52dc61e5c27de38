package io.vitj.tensor;

import static io.vitj.tensor.Operands.requireDense;
import static io.vitj.tensor.Operands.requireF32;
import static io.vitj.tensor.Operands.requireHeads;
import static io.vitj.tensor.Operands.requirePositive;
import static io.vitj.tensor.Operands.requireQkv;
import static io.vitj.tensor.Operands.requireSame;
import static io.vitj.tensor.Operands.requireShape;
import static io.vitj.tensor.Operands.requireVector;
import static io.vitj.tensor.Operands.wrong;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.KernelWarmup;
import io.vitj.tensor.kernel.Kernels;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.kernel.PanelProduct;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;

/**
 * The operations of a transformer's layers on F32 tensors: checks shapes once, splits the work over
 * the threads, and runs the kernels. "Rows" of a tensor are its innermost axis; all outer axes
 * count as one; gaps between rows ({@link Tensor#rowStride}) are skipped, and refused where whole
 * images are read. Results have the same bits for any number of threads and whatever other rows are
 * computed alongside.
 *
 * <p>The first object of a JVM takes a second or so, in which the kernels are compiled ({@link
 * KernelWarmup}).
 *
 * <p>One object per session: not thread-safe. Once it has run at given shapes, running again at
 * those allocates nothing. Wrong shapes or dtypes are an {@link IllegalArgumentException} with both
 * sides; memory of a closed arena is an {@link IllegalStateException}.
 */
public final class TensorOps {
  private final Kernels kernels = KernelProvider.kernels();
  private final Crew crew;
  private final LinearTask linear;
  private final AttentionTask attention;
  private final RowsTask rows = new RowsTask();
  private final PatchifyTask patchify = new PatchifyTask();
  private final RotateTask rotate = new RotateTask();

  /**
   * Makes the operations of one session.
   *
   * @param arena the owner of scratch memory
   * @param parallel the threads to use
   */
  public TensorOps(Arena arena, Parallel parallel) {
    KernelWarmup.once();
    crew = parallel.crew();
    PanelProduct[] products = new PanelProduct[crew.workers()];
    for (int i = 0; i < products.length; i++) {
      products[i] = new PanelProduct(arena);
    }
    linear = new LinearTask(arena, products);
    attention = new AttentionTask(arena, products);
  }

  /** Calls the worker threads in; they stay with this session until {@link #end}. */
  public void begin() {
    crew.begin();
  }

  /** Lets the worker threads go. */
  public void end() {
    crew.end();
  }

  /**
   * A linear layer with its activation: y = act(x·Wᵀ + b).
   *
   * @param x (…, inputs)
   * @param w W (outputs, inputs) and b (outputs), packed
   * @param y (…, outputs), as many rows as x; not x
   * @param activation act
   */
  public void linear(Tensor x, PackedMatrix w, Tensor y, Activation activation) {
    checkLinear(x, w, y);
    linear.run(crew, x, w, y, false, activation);
  }

  /**
   * A linear layer on top of a residual: y += x·Wᵀ + b.
   *
   * @param x (…, inputs)
   * @param w W (outputs, inputs) and b (outputs), packed
   * @param y (…, outputs), as many rows as x; not x
   */
  public void linearAdd(Tensor x, PackedMatrix w, Tensor y) {
    checkLinear(x, w, y);
    linear.run(crew, x, w, y, true, Activation.NONE);
  }

  private static void checkLinear(Tensor x, PackedMatrix w, Tensor y) {
    requireF32(x);
    requireF32(y);
    if (!(x.shape().dim(-1) == w.inputs())) {
      throw wrong("x", x, "rows of " + w.inputs() + " for this weight");
    }
    if (!(y.shape().dim(-1) == w.outputs())) {
      throw wrong("y", y, "rows of " + w.outputs() + " for this weight");
    }
    if (!(y.shape().rows() == x.shape().rows())) {
      throw wrong("y", y, "as many rows as x " + x.shape());
    }
  }

  /**
   * Layer norm of every row: y = (x − μ)/√(σ² + ε) · γ + β (Ba, Kiros and Hinton, 2016).
   *
   * @param x (…, D)
   * @param gamma γ (D)
   * @param beta β (D)
   * @param epsilon ε
   * @param y shaped like x; may be x
   */
  public void layerNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Tensor y) {
    requireSame(x, y);
    requireVector(gamma, "gamma", x);
    requireVector(beta, "beta", x);
    rows.layerNorm(crew, x, gamma, beta, epsilon, y);
  }

  /**
   * Multi-head attention: for every image and head, softmax(s·Q·Kᵀ + b)·V (Vaswani et al., 2017).
   *
   * @param qkv (B, T, 3D): queries, keys and values side by side, each with its heads side by side
   * @param heads H, a divisor of D
   * @param scale s &gt; 0, 1/√(D/H) in the paper
   * @param bias b, for H heads and T tokens; null for none
   * @param out (B, Q, D), heads side by side; not qkv. The first Q ≤ T tokens of each image are the
   *     queries: where only a class token is read afterwards, Q = 1 spares the others
   * @param probabilities (B, H, Q, T), filled with the softmax, or null where nobody looks
   */
  public void attention(
      Tensor qkv,
      int heads,
      float scale,
      RelativePositionBias bias,
      Tensor out,
      Tensor probabilities) {
    checkAttention(qkv, heads, scale, out, probabilities);
    if (bias != null && !(bias.heads() == heads && bias.tokens() == qkv.shape().dim(1))) {
      throw wrong(
          "qkv", qkv, bias.tokens() + " tokens and " + bias.heads() + " heads for its bias");
    }
    attention.run(crew, qkv, heads, scale, bias, false, out, probabilities);
  }

  /**
   * Multi-head attention of a sequence that is read from its start: softmax over the keys up to the
   * query itself, whose probabilities for what follows are 0 (Vaswani et al., 2017, section 3.2.3).
   * An output has the same bits whatever follows its token.
   *
   * @param qkv as for {@link #attention}
   * @param heads H, a divisor of D
   * @param scale s &gt; 0
   * @param out (B, Q, D), heads side by side; not qkv. The first Q ≤ T tokens are the queries
   * @param probabilities (B, H, Q, T), filled with the softmax, or null where nobody looks
   */
  public void causalAttention(
      Tensor qkv, int heads, float scale, Tensor out, Tensor probabilities) {
    checkAttention(qkv, heads, scale, out, probabilities);
    attention.run(crew, qkv, heads, scale, null, true, out, probabilities);
  }

  private static void checkAttention(
      Tensor qkv, int heads, float scale, Tensor out, Tensor probabilities) {
    requireQkv(qkv, heads);
    requireF32(out);
    requirePositive(scale);
    int images = qkv.shape().dim(0);
    int tokens = qkv.shape().dim(1);
    int dim = qkv.shape().dim(2) / 3;
    int queries = out.shape().rank() == 3 ? out.shape().dim(1) : 0;
    if (queries < 1 || queries > tokens) {
      throw wrong("out", out, "(B, Q, D) with 1 to " + tokens + " queries");
    }
    requireShape(out, "out", images, queries, dim);
    checkProbabilities(probabilities, images, heads, queries, tokens);
  }

  /**
   * Multi-head attention of queries that are the same for every image: for every image and head,
   * softmax(s·Q·Kᵀ)·V.
   *
   * @param queries (Q, D), heads side by side
   * @param kv (B, T, 2D): keys and values side by side, each with its heads side by side
   * @param heads H, a divisor of D
   * @param scale s &gt; 0
   * @param out (B, Q, D), heads side by side; not kv
   * @param probabilities (B, H, Q, T), filled with the softmax, or null where nobody looks
   */
  public void attentionOfSharedQueries(
      Tensor queries, Tensor kv, int heads, float scale, Tensor out, Tensor probabilities) {
    requireF32(queries);
    requireF32(kv);
    requireF32(out);
    requirePositive(scale);
    if (!(kv.shape().rank() == 3 && kv.shape().dim(2) % 2 == 0)) {
      throw wrong("kv", kv, "(B, T, 2D)");
    }
    int dim = kv.shape().dim(2) / 2;
    requireHeads(kv, "kv", dim, heads);
    int count = queries.shape().rank() == 2 ? queries.shape().dim(0) : 0;
    requireShape(queries, "queries", Math.max(count, 1), dim);
    requireShape(out, "out", kv.shape().dim(0), count, dim);
    checkProbabilities(probabilities, kv.shape().dim(0), heads, count, kv.shape().dim(1));
    attention.run(crew, queries, kv, heads, scale, out, probabilities);
  }

  private static void checkProbabilities(
      Tensor probabilities, int images, int heads, int queries, int tokens) {
    if (probabilities != null) {
      requireDense(probabilities, "probabilities");
      requireShape(probabilities, "probabilities", images, heads, queries, tokens);
    }
  }

  /**
   * Cuts images into patches, left to right and top to bottom. As in a convolution without padding,
   * columns and rows that are left over are not read.
   *
   * @param pixels (B, C, H, W)
   * @param patch P ≥ 1, at most H and W
   * @param columns (B, ⌊H/P⌋ · ⌊W/P⌋, C·P·P); a row is a patch in the order (C, P, P)
   */
  public void patchify(Tensor pixels, int patch, Tensor columns) {
    requireDense(pixels, "pixels");
    requireDense(columns, "columns");
    Shape in = pixels.shape();
    if (patch < 1) {
      throw new IllegalArgumentException("the patch must be at least 1, not " + patch);
    }
    if (!(in.rank() == 4 && in.dim(2) >= patch && in.dim(3) >= patch)) {
      throw wrong("pixels", pixels, "(B, C, H, W) with sides not below the patch " + patch);
    }
    int patches = in.dim(2) / patch * (in.dim(3) / patch);
    requireShape(columns, "columns", in.dim(0), patches, in.dim(1) * patch * patch);
    patchify.run(crew, pixels, patch, columns);
  }

  /**
   * Applies an activation function: y = act(x).
   *
   * @param activation act
   * @param x any shape
   * @param y shaped like x; may be x
   */
  public void activation(Activation activation, Tensor x, Tensor y) {
    requireSame(x, y);
    if (y != x) {
      y.copyFrom(x);
    }
    rows.activate(crew, activation, y);
  }

  /**
   * Softmax of every row.
   *
   * @param x (…, n), n ≥ 1
   * @param y shaped like x; may be x
   */
  public void softmax(Tensor x, Tensor y) {
    requireSame(x, y);
    if (!(x.shape().dim(-1) > 0)) {
      throw wrong("x", x, "rows of at least one element");
    }
    if (y != x) {
      y.copyFrom(x);
    }
    rows.softmax(crew, y);
  }

  /**
   * Adds: y += x. Where x has fewer elements it is repeated along the outer axes of y.
   *
   * @param x shaped like y, or like its innermost axes
   * @param y overwritten with the sum
   */
  public void add(Tensor x, Tensor y) {
    requireF32(x);
    requireF32(y);
    int skipped = y.shape().rank() - x.shape().rank();
    boolean fits = skipped >= 0;
    for (int i = 0; fits && i < x.shape().rank(); i++) {
      fits = x.shape().dim(i) == y.shape().dim(skipped + i);
    }
    if (!fits) {
      throw wrong("x", x, "the shape of y " + y.shape() + " or of its innermost axes");
    }
    if (skipped == 0) {
      rows.add(crew, x, y);
    } else if (x.shape().rank() == 1) {
      rows.addRow(crew, x, y);
    } else {
      requireDense(x, "x");
      requireDense(y, "y");
      int n = Math.toIntExact(x.shape().elements());
      for (long at = 0; at < y.shape().elements(); at += n) {
        kernels.add(x.segment(), x.offset(), y.segment(), y.offset() + at, n);
      }
    }
  }

  /**
   * Multiplies by a number: y = factor · x.
   *
   * @param x any shape
   * @param factor the number
   * @param y shaped like x; may be x
   */
  public void scale(Tensor x, float factor, Tensor y) {
    requireSame(x, y);
    rows.scale(crew, x, factor, y);
  }

  /**
   * A gated linear unit (Shazeer, 2020, SwiGLU): y = SiLU(g) ∘ v, where every row of x is a gate g
   * and then a value v.
   *
   * @param x (…, 2M)
   * @param y (…, M), as many rows as x; must not overlap x
   */
  public void swiGlu(Tensor x, Tensor y) {
    requireF32(x);
    requireF32(y);
    if (!(x.shape().rows() == y.shape().rows() && x.shape().dim(-1) == 2 * y.shape().dim(-1))) {
      throw wrong("x", x, "the rows of y " + y.shape() + ", twice as long");
    }
    rows.swiGlu(crew, x, y);
  }

  /**
   * Rotates queries and keys by their positions, in place (Su et al., 2021): element i of a head
   * and element i + m, with m half the width of a head, are turned by the angle θᵢ of the token.
   *
   * @param qkv (B, T, 3D): queries, keys and values side by side, each with its heads side by side
   * @param heads H; D/H is even
   * @param angles (N, D/H): m cosines and then m sines for each of the last N ≤ T tokens; the
   *     tokens before them stay as they are
   */
  public void rotate(Tensor qkv, int heads, Tensor angles) {
    requireQkv(qkv, heads);
    requireDense(angles, "angles");
    int width = qkv.shape().dim(2) / 3 / heads;
    if (width % 2 != 0) {
      throw wrong("qkv", qkv, "heads of an even width, not " + width);
    }
    int patches = angles.shape().rank() == 2 ? angles.shape().dim(0) : 0;
    if (patches > qkv.shape().dim(1)) {
      throw wrong("angles", angles, "at most as many rows as qkv " + qkv.shape() + " has tokens");
    }
    requireShape(angles, "angles", patches, width);
    rotate.run(crew, qkv, heads, angles);
  }

  /**
   * Averages the tokens of every image: y[b] = mean of x[b, from:].
   *
   * @param x (B, T, D)
   * @param from the first token that counts, less than T
   * @param y (B, D); not x
   */
  public void meanRows(Tensor x, int from, Tensor y) {
    meanRows(x, from, y, 0);
  }

  /**
   * Averages the tokens of every image into columns of wider rows: y[b, column:] = mean of x[b,
   * from:].
   *
   * @param x (B, T, D)
   * @param from the first token that counts, less than T
   * @param y (B, column + D); not x
   * @param column the first column that is written
   */
  public void meanRows(Tensor x, int from, Tensor y, int column) {
    requireDense(x, "x");
    requireDense(y, "y");
    if (!(x.shape().rank() == 3 && from >= 0 && from < x.shape().dim(1))) {
      throw wrong("x", x, "(B, T, D) with more than " + from + " tokens");
    }
    int tokens = x.shape().dim(1);
    int dim = x.shape().dim(2);
    requireShape(y, "y", x.shape().dim(0), column + dim);
    for (int image = 0; image < x.shape().dim(0); image++) {
      long to = y.offset() + (long) image * (column + dim) + column;
      long at = x.offset() + ((long) image * tokens + from) * dim;
      kernels.fillRows(x.segment(), at, y.segment(), to, dim, 1, dim);
      for (int t = from + 1; t < tokens; t++) {
        kernels.add(x.segment(), at + (long) (t - from) * dim, y.segment(), to, dim);
      }
      kernels.scale(y.segment(), to, 1f / (tokens - from), y.segment(), to, dim);
    }
  }
}
