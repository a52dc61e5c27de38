package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.OnProcessorWidth;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.kernel.Samples;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Operations on rows with gaps between them: the bits of dense rows, and the gaps unchanged. */
@OnProcessorWidth
class RowStrideConformanceTest {
  private static final int GAP = 5;
  private static final int DIM = 24;
  private static final int HEADS = 3;

  private final Arena arena = Arena.ofAuto();
  private final TensorOps ops = new TensorOps(arena, Parallel.sequential());

  /** Rows a gap of NaNs apart. */
  private static Tensor spaced(float[] values, int... dims) {
    Shape shape = Shape.of(dims);
    int stride = shape.dim(-1) + GAP;
    float[] gaps = new float[shape.rows() * stride];
    Arrays.fill(gaps, Float.NaN);
    Tensor memory = Tensors.of(gaps, shape.rows(), stride);
    MemorySegment segment = memory.segment();
    return Tensor.view(segment, memory.byteOffset(), DType.F32, shape, stride).copyFrom(values);
  }

  private static float[] values(Tensor spaced) {
    Shape memory = Shape.of(spaced.shape().rows(), spaced.rowStride());
    float[] all =
        Tensors.values(Tensor.view(spaced.segment(), spaced.byteOffset(), DType.F32, memory));
    int row = spaced.shape().dim(-1);
    for (int i = 0; i < all.length; i++) {
      if (i % spaced.rowStride() >= row) {
        assertThat(all[i]).as("element %d", i).isNaN();
      }
    }
    return spaced.toFloats();
  }

  private static void check(BiConsumer<Tensor, Tensor> operation, int[] in, int[] out) {
    float[] x = Samples.normal((int) Shape.of(in).elements(), 1);
    float[] y = Samples.normal((int) Shape.of(out).elements(), 2);
    Tensor dense = Tensors.of(y, out);
    operation.accept(Tensors.of(x, in), dense);
    Tensor apart = spaced(y, out);
    operation.accept(spaced(x, in), apart);
    assertThat(values(apart)).isEqualTo(Tensors.values(dense));
  }

  @Test
  void linear() {
    Tensor weight = Tensors.of(Samples.normal(53 * DIM, 3), 53, DIM);
    PackedMatrix w = PackedMatrix.pack(arena, weight, null);
    check((x, y) -> ops.linear(x, w, y, Activation.GELU_ERF), dims(19, DIM), dims(19, 53));
    check((x, y) -> ops.linearAdd(x, w, y), dims(19, DIM), dims(19, 53));
  }

  @Test
  void operationsOnRows() {
    int[] shape = dims(2, 9, DIM);
    Tensor gamma = Tensors.of(Samples.normal(DIM, 4), DIM);
    Tensor beta = Tensors.of(Samples.normal(DIM, 5), DIM);
    check((x, y) -> ops.layerNorm(x, gamma, beta, 1e-6f, y), shape, shape);
    check((x, y) -> ops.activation(Activation.SILU, x, y), shape, shape);
    check(ops::softmax, shape, shape);
    check(ops::add, shape, shape);
    check((x, y) -> ops.add(beta, y), shape, shape);
    check((x, y) -> ops.scale(x, 3, y), shape, shape);
    check(ops::swiGlu, dims(2, 9, 2 * DIM), shape);
  }

  @Test
  void attention() {
    check(
        (qkv, out) -> ops.attention(qkv, HEADS, 0.4f, null, out, null),
        dims(2, 9, 3 * DIM),
        dims(2, 4, DIM));
    Tensor queries = Tensors.of(Samples.normal(2 * DIM, 6), 2, DIM);
    check(
        (kv, out) -> ops.attentionOfSharedQueries(queries, kv, HEADS, 0.4f, out, null),
        dims(2, 9, 2 * DIM),
        dims(2, 2, DIM));
    Tensor angles = Tensors.of(Samples.normal(7 * DIM / HEADS, 7), 7, DIM / HEADS);
    check((x, qkv) -> ops.rotate(qkv, HEADS, angles), dims(1), dims(2, 9, 3 * DIM));
  }

  @Test
  void whatReadsWholeImagesRefusesGaps() {
    Tensor x = spaced(Samples.normal(2 * 9 * DIM, 1), 2, 9, DIM);
    Tensor y = Tensors.empty(2, DIM);
    assertThatThrownBy(() -> ops.meanRows(x, 1, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x is (2, 9, 24), but must have no gaps between its rows");
    Tensor table = Tensors.empty(9, DIM);
    assertThatThrownBy(() -> ops.add(table, x)).isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] dims(int... dims) {
    return dims;
  }
}
