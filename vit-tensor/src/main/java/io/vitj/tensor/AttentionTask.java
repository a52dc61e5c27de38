package io.vitj.tensor;

import io.vitj.tensor.kernel.Blocking;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.Kernels;
import io.vitj.tensor.kernel.PanelProduct;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.Partition;
import io.vitj.tensor.parallel.RangeTask;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Multi-head scaled dot-product attention (Vaswani et al., 2017): for every image and head,
 * softmax(s · Q·Kᵀ + b)·V. First Kᵀ and V of every head are packed into panels; then every block of
 * query rows is a piece of its own, whose scores stay in cache: memory grows with the tokens, not
 * their square.
 */
final class AttentionTask {
  /** Most query rows of a piece: three tiles of 8, scores of 197 tokens in 19 KiB of L1. */
  private static final int QUERY_ROWS = 24;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Kernels kernels = KernelProvider.kernels();
  private final Blocking blocking = kernels.blocking();
  private final int width = blocking.tileColumns();
  private final Arena arena;
  private final PanelProduct[] products;
  private final RangeTask pack = this::pack;
  private final RangeTask attend = this::attend;
  private MemorySegment packedKeys = MemorySegment.NULL;
  private MemorySegment packedValues = MemorySegment.NULL;
  private MemorySegment scores = MemorySegment.NULL;

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
    queryToken = 3L * dim;
    queryImage = qkv.shape().dim(1) * queryToken;
    keyColumn = dim;
    bias = added;
    causal = masked;
    probabilities = weights;
    run(crew, qkv, headCount, factor, result);
  }

  /** The same queries (Q, D) for all images; keys and values side by side, (B, T, 2D). */
  void run(Crew crew, Tensor queries, Tensor kv, int headCount, float factor, Tensor result) {
    dim = kv.shape().dim(2) / 2;
    query = queries;
    queryToken = dim;
    queryImage = 0;
    keyColumn = 0;
    bias = null;
    causal = false;
    probabilities = null;
    run(crew, kv, headCount, factor, result);
  }

  private void run(Crew crew, Tensor keys, int headCount, float factor, Tensor result) {
    key = keys;
    keyToken = keys.shape().dim(2);
    out = result;
    heads = headCount;
    scale = factor;
    tokens = keys.shape().dim(1);
    headDim = dim / headCount;
    queries = result.shape().dim(1);
    queryBlocks = (queries + QUERY_ROWS - 1) / QUERY_ROWS;
    int images = keys.shape().dim(0);
    packedKeys = atLeast(packedKeys, (long) images * heads * keyFloats());
    packedValues = atLeast(packedValues, (long) images * heads * valueFloats());
    scores = atLeast(scores, (long) crew.workers() * QUERY_ROWS * scoreStride());
    crew.run(images * heads, pack);
    crew.run(images * heads * queryBlocks, attend);
  }

  private MemorySegment atLeast(MemorySegment segment, long floats) {
    return segment.byteSize() >= floats * 4
        ? segment
        : arena.allocate(floats * 4, Tensor.ALIGNMENT);
  }

  private long keyFloats() {
    return (long) blocking.panels(tokens) * width * headDim;
  }

  private long valueFloats() {
    return (long) blocking.panels(headDim) * width * tokens;
  }

  /** Whole panels, so that every row of scores starts at a vector. */
  private long scoreStride() {
    return (long) blocking.panels(tokens) * width;
  }

  private void pack(int index, int worker) {
    int image = index / heads;
    int head = index % heads;
    long first = key.offset() + keyColumn + (long) head * headDim;
    long from = first + (long) image * tokens * keyToken;
    long value = from + dim;
    long keys = index * keyFloats();
    long values = index * valueFloats();
    for (int t = 0; t < tokens; t++) {
      long column = keys + (long) (t / width) * width * headDim + t % width;
      for (int d = 0; d < headDim; d++) {
        float k = key.segment().get(FLOAT, (from + t * keyToken + d) * 4);
        packedKeys.set(FLOAT, (column + (long) d * width) * 4, k);
      }
      for (int d = 0; d < headDim; d += width) {
        int n = Math.min(width, headDim - d);
        long to = values + ((long) (d / width) * tokens + t) * width;
        kernels.fillRows(key.segment(), value + t * keyToken + d, packedValues, to, width, 1, n);
      }
    }
  }

  private void attend(int index, int worker) {
    int pair = index / queryBlocks;
    int first = Partition.start(queries, queryBlocks, index % queryBlocks);
    int rows = Partition.start(queries, queryBlocks, index % queryBlocks + 1) - first;
    long stride = scoreStride();
    long score = (long) worker * QUERY_ROWS * stride;
    long image = pair / heads;
    long column = (long) (pair % heads) * headDim;
    long from = query.offset() + image * queryImage + first * queryToken + column;
    long to = out.offset() + (image * queries + first) * dim + column;
    int visible = causal ? first + rows : tokens; // to any query of this block
    for (int j = 0; j < visible; j += width) {
      int columns = (Math.min(width, visible - j) + blocking.lanes() - 1) / blocking.lanes();
      products[worker].run(
          query.segment(),
          from,
          queryToken,
          packedKeys,
          pair * keyFloats() + (long) j * headDim,
          products[worker].zeros(),
          0,
          false,
          scores,
          score + j,
          stride,
          rows,
          columns * blocking.lanes(),
          headDim);
    }
    for (int i = 0; i < rows; i++) {
      softmax(score + i * stride, pair % heads, first + i);
      for (int t = first + i + 1; causal && t < (probabilities == null ? visible : tokens); t++) {
        scores.set(FLOAT, (score + i * stride + t) * 4, 0);
      }
    }
    if (probabilities != null) {
      long seen = probabilities.offset() + ((long) pair * queries + first) * tokens;
      for (int i = 0; i < rows; i++) {
        MemorySegment.copy(
            scores,
            (score + i * stride) * 4,
            probabilities.segment(),
            (seen + (long) i * tokens) * 4,
            tokens * 4L);
      }
    }
    weighValues(products[worker], pair, score, rows, visible, to);
  }

  private void softmax(long row, int head, int token) {
    if (bias == null) {
      kernels.softmax(scores, row, scale, causal ? token + 1 : tokens);
      return;
    }
    kernels.scale(scores, row, scale, scores, row, tokens);
    bias.addTo(kernels, head, token, scores, row);
    kernels.softmax(scores, row, 1, tokens);
  }

  /** out[rows, head] = P · V. */
  private void weighValues(
      PanelProduct product, int pair, long score, int rows, int visible, long to) {
    for (int d = 0; d < headDim; d += width) {
      product.run(
          scores,
          score,
          scoreStride(),
          packedValues,
          pair * valueFloats() + (long) d * tokens,
          product.zeros(),
          0,
          false,
          out.segment(),
          to + d,
          dim,
          rows,
          Math.min(width, headDim - d),
          visible);
    }
  }
}
