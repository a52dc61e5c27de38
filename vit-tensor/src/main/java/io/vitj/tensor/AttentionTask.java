package io.vitj.tensor;

import io.vitj.tensor.kernel.Blocking;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.Kernels;
import io.vitj.tensor.kernel.PanelProduct;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.RangeTask;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Multi-head scaled dot-product attention (Vaswani et al., 2017): for every image and head,
 * softmax(s · Q·Kᵀ + b)·V.
 *
 * <p>A piece is one head and one panel of queries, and all of it is computed transposed: Sᵀ = K·Qᵀ,
 * softmax down the columns, Oᵀ = Vᵀ·Sᵀ. So the keys are read where they lie, every query has a lane
 * of its own in the softmax, and Sᵀ is at once the panel that the second product asks for. What is
 * transposed is small: Vᵀ once a head, Qᵀ and Oᵀ a panel at a time. The scores of a piece stay in
 * cache: memory grows with the tokens, not their square.
 */
final class AttentionTask {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Kernels kernels = KernelProvider.kernels();
  private final Blocking blocking = kernels.blocking();
  private final int width = blocking.tileColumns(); // queries of a piece
  private final Arena arena;
  private final PanelProduct[] products;
  private final RangeTask turn = this::transposeValues;
  private final RangeTask attend = this::attend;
  private MemorySegment values = MemorySegment.NULL; // Vᵀ (headDim, tokens) of each image and head
  private MemorySegment panels = MemorySegment.NULL; // Qᵀ, then Oᵀ (headDim, width) of each worker
  private MemorySegment scores = MemorySegment.NULL; // Sᵀ (tokens, width) of each worker

  private Tensor query;
  private long queryImage; // floats between the queries of two images
  private long queryToken;
  private Tensor key;
  private long keyToken;
  private int keyColumn; // the values are dim columns further
  private RelativePositionBias bias;
  private boolean causal;
  private Tensor out;
  private Tensor probabilities;
  private int heads;
  private int tokens;
  private int queries;
  private int headDim;
  private int dim;
  private int queryBlocks;
  private float scale;

  AttentionTask(Arena arena, PanelProduct[] products) {
    this.arena = arena;
    this.products = products;
  }

  /** Queries, keys and values side by side, (B, T, 3D); where causal, none sees what follows it. */
  void run(
      Crew crew,
      Tensor qkv,
      int headCount,
      float factor,
      RelativePositionBias added,
      boolean masked,
      Tensor result,
      Tensor weights) {
    dim = qkv.shape().dim(2) / 3;
    query = qkv;
    queryToken = qkv.rowStride();
    queryImage = qkv.shape().dim(1) * queryToken;
    keyColumn = dim;
    bias = added;
    causal = masked;
    probabilities = weights;
    run(crew, qkv, headCount, factor, result);
  }

  /** The same queries (Q, D) for all images; keys and values side by side, (B, T, 2D). */
  void run(
      Crew crew,
      Tensor queries,
      Tensor kv,
      int headCount,
      float factor,
      Tensor result,
      Tensor weights) {
    dim = kv.shape().dim(2) / 2;
    query = queries;
    queryToken = queries.rowStride();
    queryImage = 0;
    keyColumn = 0;
    bias = null;
    causal = false;
    probabilities = weights;
    run(crew, kv, headCount, factor, result);
  }

  private void run(Crew crew, Tensor keys, int headCount, float factor, Tensor result) {
    key = keys;
    keyToken = keys.rowStride();
    out = result;
    heads = headCount;
    scale = factor;
    tokens = keys.shape().dim(1);
    headDim = dim / headCount;
    queries = result.shape().dim(1);
    queryBlocks = (queries + width - 1) / width;
    int pairs = keys.shape().dim(0) * heads;
    values = atLeast(values, (long) pairs * headDim * tokens);
    panels = atLeast(panels, (long) crew.workers() * headDim * width);
    scores = atLeast(scores, (long) crew.workers() * tokens * width);
    crew.run(pairs, turn);
    crew.run(pairs * queryBlocks, attend);
  }

  private MemorySegment atLeast(MemorySegment segment, long floats) {
    return segment.byteSize() >= floats * 4
        ? segment
        : arena.allocate(floats * 4, Tensor.ALIGNMENT);
  }

  /** The first key of an image and head. */
  private long keys(int pair) {
    long image = pair / heads;
    long column = keyColumn + (long) (pair % heads) * headDim;
    return key.offset() + image * tokens * keyToken + column;
  }

  private void transposeValues(int pair, int worker) {
    long from = keys(pair) + dim;
    long to = (long) pair * headDim * tokens;
    kernels.transpose(key.segment(), from, keyToken, values, to, tokens, tokens, headDim);
  }

  private void attend(int index, int worker) {
    int pair = index / queryBlocks;
    int first = index % queryBlocks * width;
    int count = Math.min(width, queries - first);
    int visible = causal ? first + count : tokens; // to any query of this piece
    int columns = (count + blocking.lanes() - 1) / blocking.lanes() * blocking.lanes();
    long panel = (long) worker * headDim * width;
    long score = (long) worker * tokens * width;
    long image = pair / heads;
    long head = (long) (pair % heads) * headDim;
    long from = query.offset() + image * queryImage + first * queryToken + head;
    long to = out.offset() + (image * queries + first) * out.rowStride() + head;

    kernels.transpose(query.segment(), from, queryToken, panels, panel, width, count, headDim);
    PanelProduct product = products[worker];
    // Columns beyond the queries hold what was there before: nothing flows from column to column.
    product.run(
        key.segment(),
        keys(pair),
        keyToken,
        DType.F32,
        panels,
        panel,
        product.zeros(),
        0,
        false,
        scores,
        score,
        width,
        visible,
        columns,
        headDim); // Sᵀ = K·Qᵀ
    softmax(score, pair % heads, first, visible, columns);
    if (probabilities != null) {
      observe(score, (long) pair * queries + first, visible, count);
    }
    product.run(
        values,
        (long) pair * headDim * tokens,
        tokens,
        DType.F32,
        scores,
        score,
        product.zeros(),
        0,
        false,
        panels,
        panel,
        width,
        headDim,
        columns,
        visible); // Oᵀ = Vᵀ·Sᵀ
    kernels.transpose(panels, panel, width, out.segment(), to, out.rowStride(), headDim, count);
  }

  private void softmax(long score, int head, int first, int visible, int columns) {
    float factor = scale;
    if (bias != null) {
      for (int t = 0; t < visible; t++) {
        long row = score + (long) t * width;
        kernels.scale(scores, row, scale, scores, row, columns);
        bias.addTo(kernels, head, t, first, Math.min(columns, queries - first), scores, row);
      }
      factor = 1;
    }
    for (int t = first + 1; causal && t < visible; t++) {
      for (int i = 0; i < t - first; i++) {
        scores.set(FLOAT, (score + (long) t * width + i) * 4, Float.NEGATIVE_INFINITY);
      }
    }
    kernels.softmaxColumns(scores, score, width, factor, visible, columns);
  }

  private void observe(long score, long row, int visible, int count) {
    long to = probabilities.offset() + row * tokens;
    MemorySegment seen = probabilities.segment();
    kernels.transpose(scores, score, width, seen, to, tokens, visible, count);
    for (int i = 0; i < count && visible < tokens; i++) {
      seen.asSlice((to + (long) i * tokens + visible) * 4, (tokens - visible) * 4L).fill((byte) 0);
    }
  }
}
