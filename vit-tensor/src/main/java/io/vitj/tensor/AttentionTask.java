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
 * softmax(s · Q·Kᵀ)·V. First Kᵀ and V of every head are packed into panels; then every block of
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

  private Tensor qkv;
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

  void run(Crew crew, Tensor in, int headCount, float factor, Tensor result, Tensor weights) {
    qkv = in;
    out = result;
    probabilities = weights;
    heads = headCount;
    scale = factor;
    tokens = in.shape().dim(1);
    dim = in.shape().dim(2) / 3;
    headDim = dim / headCount;
    queries = result.shape().dim(1);
    queryBlocks = (queries + QUERY_ROWS - 1) / QUERY_ROWS;
    int images = in.shape().dim(0);
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
    long row = 3L * dim;
    long key = qkv.offset() + (long) image * tokens * row + dim + (long) head * headDim;
    long value = key + dim;
    long keys = index * keyFloats();
    long values = index * valueFloats();
    for (int t = 0; t < tokens; t++) {
      long column = keys + (long) (t / width) * width * headDim + t % width;
      for (int d = 0; d < headDim; d++) {
        float k = qkv.segment().get(FLOAT, (key + t * row + d) * 4);
        packedKeys.set(FLOAT, (column + (long) d * width) * 4, k);
      }
      for (int d = 0; d < headDim; d += width) {
        int n = Math.min(width, headDim - d);
        long to = values + ((long) (d / width) * tokens + t) * width;
        kernels.fillRows(qkv.segment(), value + t * row + d, packedValues, to, width, 1, n);
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
    long query = qkv.offset() + (image * tokens + first) * 3 * dim + column;
    long to = out.offset() + (image * queries + first) * dim + column;
    for (int j = 0; j < tokens; j += width) {
      int columns = (Math.min(width, tokens - j) + blocking.lanes() - 1) / blocking.lanes();
      products[worker].run(
          qkv.segment(),
          query,
          3L * dim,
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
      kernels.softmax(scores, score + i * stride, scale, tokens);
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
    weighValues(products[worker], pair, score, rows, to);
  }

  /** out[rows, head] = P · V. */
  private void weighValues(PanelProduct product, int pair, long score, int rows, long to) {
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
          tokens);
    }
  }
}
