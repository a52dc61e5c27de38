package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What wrong arguments get: one line with what there is and what there must be. */
class TensorOpsTest {
  private final Arena arena = Arena.ofAuto();
  private final TensorOps ops = new TensorOps(arena, Parallel.sequential());
  private final PackedMatrix weight = PackedMatrix.pack(arena, zeros(7, 4), null);

  private Tensor zeros(int... dims) {
    return Tensor.allocate(arena, Shape.of(dims));
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(parts);
  }

  @Test
  void linearNamesTheTensorAndTheWeight() {
    assertRefused(
        () -> ops.linear(zeros(3, 5), weight, zeros(3, 7), Activation.NONE), "x is (3, 5)", "4");
    assertRefused(
        () -> ops.linear(zeros(3, 4), weight, zeros(3, 8), Activation.NONE), "y is (3, 8)", "7");
    assertRefused(
        () -> ops.linear(zeros(3, 4), weight, zeros(2, 7), Activation.NONE), "(2, 7)", "(3, 4)");
    assertRefused(() -> ops.linearAdd(zeros(3, 5), weight, zeros(3, 7)), "x is (3, 5)", "4");
  }

  @Test
  void rowOperationsNameBothShapes() {
    Tensor x = zeros(2, 3);
    assertRefused(() -> ops.layerNorm(x, zeros(3), zeros(3), 0, zeros(3, 2)), "(3, 2)", "(2, 3)");
    assertRefused(() -> ops.layerNorm(x, zeros(2), zeros(3), 0, x), "gamma is (2)", "(2, 3)");
    assertRefused(() -> ops.layerNorm(x, zeros(3), zeros(4), 0, x), "beta is (4)", "(2, 3)");
    assertRefused(() -> ops.activation(Activation.SILU, x, zeros(6)), "(6)", "(2, 3)");
    assertRefused(() -> ops.softmax(x, zeros(2, 4)), "(2, 4)", "(2, 3)");
    assertRefused(() -> ops.softmax(zeros(2, 0), zeros(2, 0)), "(2, 0)", "at least one");
    assertRefused(() -> ops.scale(x, 2, zeros(3)), "(3)", "(2, 3)");
    assertRefused(() -> ops.swiGlu(zeros(2, 5), x), "(2, 5)", "(2, 3)", "twice");
    assertRefused(() -> ops.swiGlu(zeros(3, 6), x), "(3, 6)", "(2, 3)");
  }

  @Test
  void addNamesBothShapes() {
    assertRefused(() -> ops.add(zeros(2), zeros(2, 3)), "x is (2)", "(2, 3)");
    assertRefused(() -> ops.add(zeros(3, 3), zeros(2, 3)), "x is (3, 3)", "(2, 3)");
    assertRefused(() -> ops.add(zeros(1, 2, 3), zeros(2, 3)), "x is (1, 2, 3)", "(2, 3)");
  }

  @Test
  void attentionNamesWhatDoesNotFit() {
    Tensor qkv = zeros(2, 5, 36);
    Tensor out = zeros(2, 5, 12);
    assertRefused(
        () -> ops.attention(zeros(5, 36), 3, 1, null, out, null), "(5, 36)", "(B, T, 3D)");
    assertRefused(() -> ops.attention(zeros(2, 5, 35), 3, 1, null, out, null), "(2, 5, 35)", "3D");
    assertRefused(() -> ops.attention(qkv, 5, 1, null, out, null), "(2, 5, 36)", "5 heads");
    assertRefused(() -> ops.attention(qkv, 0, 1, null, out, null), "(2, 5, 36)", "0 heads");
    assertRefused(() -> ops.attention(qkv, 3, 0, null, out, null), "scale", "0.0");
    assertRefused(() -> ops.attention(qkv, 3, Float.NaN, null, out, null), "scale", "NaN");
    assertRefused(
        () -> ops.attention(qkv, 3, 1, null, zeros(2, 5, 11), null), "(2, 5, 11)", "(2, 5, 12)");
    assertRefused(
        () -> ops.attention(qkv, 3, 1, null, zeros(2, 6, 12), null), "(2, 6, 12)", "1 to 5");
    assertRefused(
        () -> ops.attention(qkv, 3, 1, null, zeros(2, 12), null), "out is (2, 12)", "(B, Q, D)");
    assertRefused(
        () -> ops.causalAttention(qkv, 3, 1, zeros(2, 6, 12), null), "(2, 6, 12)", "1 to 5");
    assertRefused(
        () -> ops.attention(qkv, 3, 1, null, out, zeros(2, 3, 5, 6)),
        "(2, 3, 5, 6)",
        "(2, 3, 5, 5)");
  }

  @Test
  void attentionOfSharedQueriesNamesWhatDoesNotFit() {
    Tensor q = zeros(2, 12);
    Tensor kv = zeros(3, 5, 24);
    Tensor out = zeros(3, 2, 12);
    assertRefused(
        () -> ops.attentionOfSharedQueries(q, zeros(5, 24), 3, 1, out, null),
        "(5, 24)",
        "(B, T, 2D)");
    assertRefused(
        () -> ops.attentionOfSharedQueries(q, kv, 5, 1, out, null), "(3, 5, 24)", "5 heads");
    assertRefused(() -> ops.attentionOfSharedQueries(q, kv, 3, 0, out, null), "scale", "0.0");
    assertRefused(
        () -> ops.attentionOfSharedQueries(zeros(2, 13), kv, 3, 1, out, null),
        "(2, 13)",
        "(2, 12)");
    assertRefused(
        () -> ops.attentionOfSharedQueries(zeros(12), kv, 3, 1, out, null),
        "queries is (12)",
        "(1, 12)");
    assertRefused(
        () -> ops.attentionOfSharedQueries(q, kv, 3, 1, zeros(3, 1, 12), null),
        "(3, 1, 12)",
        "(3, 2, 12)");
  }

  @Test
  void rotateNamesTheTokensAndTheAngles() {
    Tensor qkv = zeros(2, 5, 36);
    assertRefused(() -> ops.rotate(zeros(5, 36), 3, zeros(5, 4)), "(5, 36)", "(B, T, 3D)");
    assertRefused(() -> ops.rotate(qkv, 5, zeros(5, 4)), "(2, 5, 36)", "5 heads");
    assertRefused(() -> ops.rotate(qkv, 4, zeros(5, 3)), "even width, not 3");
    assertRefused(() -> ops.rotate(qkv, 3, zeros(6, 4)), "angles is (6, 4)", "(2, 5, 36)");
    assertRefused(() -> ops.rotate(qkv, 3, zeros(5, 6)), "angles is (5, 6)", "(5, 4)");
  }

  @Test
  void aBiasBelongsToAGridAndItsHeads() {
    assertRefused(
        () -> new RelativePositionBias(arena, zeros(17, 3), 2, 3), "2 × 3", "18 rows", "(17, 3)");
    RelativePositionBias bias = new RelativePositionBias(arena, zeros(18, 3), 2, 3);
    Tensor out = zeros(2, 7, 12);
    assertRefused(
        () -> ops.attention(zeros(2, 8, 36), 3, 1, bias, zeros(2, 8, 12), null), "7 tokens", "3");
    assertRefused(() -> ops.attention(zeros(2, 7, 36), 4, 1, bias, out, null), "3 heads");
  }

  @Test
  void patchifyNamesTheSidesAndThePatch() {
    Tensor pixels = zeros(1, 3, 8, 12);
    assertRefused(() -> ops.patchify(pixels, 9, zeros(1, 1, 243)), "(1, 3, 8, 12)", "patch 9");
    assertRefused(() -> ops.patchify(pixels, 0, zeros(1, 2, 75)), "patch", "0");
    assertRefused(
        () -> ops.patchify(zeros(3, 8, 12), 4, zeros(6, 48)), "(3, 8, 12)", "(B, C, H, W)");
    assertRefused(() -> ops.patchify(pixels, 4, zeros(1, 6, 47)), "(1, 6, 47)", "(1, 6, 48)");
  }

  @Test
  void meanRowsNamesTheTokens() {
    Tensor x = zeros(2, 5, 3);
    assertRefused(() -> ops.meanRows(x, 5, zeros(2, 3)), "(2, 5, 3)", "more than 5");
    assertRefused(() -> ops.meanRows(x, -1, zeros(2, 3)), "(2, 5, 3)", "-1");
    assertRefused(() -> ops.meanRows(zeros(5, 3), 0, zeros(3)), "(5, 3)", "(B, T, D)");
    assertRefused(() -> ops.meanRows(x, 0, zeros(3, 2)), "(3, 2)", "(2, 3)");
  }

  @Test
  void otherDTypesAndAlignmentsAreRefused() {
    Tensor half = Tensor.view(arena.allocate(64), 0, DType.F16, Shape.of(2, 3));
    assertRefused(() -> ops.scale(half, 1, zeros(2, 3)), "F32", "F16");
    Tensor odd = Tensor.view(arena.allocate(64), 2, DType.F32, Shape.of(2, 3));
    assertRefused(() -> ops.scale(zeros(2, 3), 1, odd), "multiple of 4", "byte 2");
  }

  @Test
  void memoryOfAClosedArenaIsRefused() {
    Arena closed = Arena.ofConfined();
    Tensor x = Tensor.allocate(closed, Shape.of(2, 3));
    closed.close();
    assertThatIllegalStateException().isThrownBy(() -> ops.scale(x, 2, x));
  }
}
