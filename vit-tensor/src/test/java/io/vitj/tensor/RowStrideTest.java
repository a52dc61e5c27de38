package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.tensor.memory.WorkspacePlan;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Views with gaps between their rows, and where a workspace has them. */
class RowStrideTest {
  private final Arena arena = Arena.ofAuto();

  /** 1 2 · 3 4 · 5 6 · 7 8, with gaps of one element; the last gap has no memory. */
  private Tensor pairs() {
    MemorySegment segment = arena.allocate(11 * 4, Tensor.ALIGNMENT);
    return Tensor.view(segment, 0, DType.F32, Shape.of(2, 2, 2), 3)
        .copyFrom(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
  }

  @Test
  void gapsAreNoElements() {
    Tensor tensor = pairs();
    assertThat(tensor.isDense()).isFalse();
    assertThat(tensor.get(1, 0, 1)).isEqualTo(6);
    assertThat(tensor.toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(tensor.segment().asSlice(0, 36).toArray(ValueLayout.JAVA_FLOAT))
        .containsExactly(1, 2, 0, 3, 4, 0, 5, 6, 0);
  }

  @Test
  void copiesFromAndToDenseTensors() {
    Tensor dense = Tensor.allocate(arena, Shape.of(8));
    dense.copyFrom(pairs());
    assertThat(dense.toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    Tensor apart = pairs();
    apart.copyFrom(new float[8]);
    apart.copyFrom(dense);
    assertThat(apart.toFloats()).isEqualTo(dense.toFloats());
  }

  @Test
  void viewsKeepTheGaps() {
    Tensor second = pairs().slice(1, 1);
    assertThat(second.toFloats()).containsExactly(5, 6, 7, 8);
    Tensor rows = second.reshape(Shape.of(2, 2));
    assertThat(rows.slice(1, 1).toFloats()).containsExactly(7, 8);
    assertThat(rows.slice(1, 1).isDense()).isTrue();
    assertThat(rows.slice(2, 0).toFloats()).isEmpty();
    assertThatThrownBy(() -> pairs().reshape(Shape.of(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot reshape (2, 2, 2) with gaps between its rows to (8)");
  }

  @Test
  void refusesRowsThatOverlapOrDoNotFit() {
    MemorySegment segment = arena.allocate(11 * 4);
    assertThatThrownBy(() -> Tensor.view(segment, 0, DType.F32, Shape.of(4, 2), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows of (4, 2) only 1 apart");
    assertThatThrownBy(() -> Tensor.view(segment, 4, DType.F32, Shape.of(4, 2), 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aWorkspaceSpacesRowsOfWholePages() {
    var workspace =
        new WorkspacePlan()
            .spacedRegion("b16", Shape.of(2, 3, 3072), 0, 1)
            .spacedRegion("s16", Shape.of(2, 3, 1536), 0, 1)
            .region("dense", Shape.of(2, 3, 3072), 0, 1)
            .allocate(arena);
    assertThat(workspace.tensor("b16").rowStride()).isEqualTo(3072 + 16);
    assertThat(workspace.tensor("s16").rowStride()).isEqualTo(1536);
    assertThat(workspace.tensor("dense").rowStride()).isEqualTo(3072);
    assertThat(workspace.bytes()).isEqualTo(4L * 6 * (3088 + 1536 + 3072));
  }
}
