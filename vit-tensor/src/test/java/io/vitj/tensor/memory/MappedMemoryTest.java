package io.vitj.tensor.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.PackedMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedMemoryTest {
  @TempDir Path folder;

  @Test
  void hasTheClassAndTheAddressesOfAllocatedMemory() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment mapped = map(arena, MapMode.READ_WRITE, 4096).asSlice(6, 1026);
      MemorySegment memory = MappedMemory.asAllocated(mapped);
      assertThat(mapped.isMapped()).isTrue();
      assertThat(memory.getClass()).isSameAs(arena.allocate(8).getClass());
      assertThat(memory.address()).isEqualTo(mapped.address());
      assertThat(memory.byteSize()).isEqualTo(1026);
      memory.set(ValueLayout.JAVA_BYTE, 1025, (byte) 7);
      assertThat(mapped.get(ValueLayout.JAVA_BYTE, 1025)).isEqualTo((byte) 7);
    }
  }

  @Test
  void keepsItsAccessAndItsArena() throws IOException {
    MemorySegment memory;
    try (Arena arena = Arena.ofShared()) {
      map(arena, MapMode.READ_WRITE, 64); // a mapping to read from does not lengthen the file
      memory = MappedMemory.asAllocated(map(arena, MapMode.READ_ONLY, 64));
      assertThat(memory.isReadOnly()).isTrue();
      assertThat(memory.scope()).isEqualTo(arena.scope());
    }
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leavesOtherMemoryAsItIs() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment allocated = arena.allocate(64);
      assertThat(MappedMemory.asAllocated(allocated)).isSameAs(allocated);
      MemorySegment heap = MemorySegment.ofArray(new float[4]);
      assertThat(MappedMemory.asAllocated(heap)).isSameAs(heap);
      MemorySegment odd = map(arena, MapMode.READ_WRITE, 65);
      assertThat(MappedMemory.asAllocated(odd)).isSameAs(odd);
    }
  }

  @Test
  void kernelsMeetNoOther() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment mapped = map(arena, MapMode.READ_WRITE, 4096);
      Tensor tensor = Tensor.view(mapped, 12, DType.F32, Shape.of(3, 5));
      assertThat(tensor.segment().isMapped()).isFalse();
      assertThat(tensor.segment().address() + tensor.byteOffset()).isEqualTo(mapped.address() + 12);
      long panels = PackedMatrix.panelBytes(1, 1, DType.F32);
      long bias = PackedMatrix.biasBytes(1);
      PackedMatrix matrix =
          PackedMatrix.of(mapped.asSlice(0, panels), mapped.asSlice(panels, bias), 1, 1, DType.F32);
      assertThat(matrix.panels().isMapped()).isFalse();
      assertThat(matrix.bias().isMapped()).isFalse();
    }
  }

  private MemorySegment map(Arena arena, MapMode mode, long bytes) throws IOException {
    Path file = folder.resolve("memory");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(mode, 0, bytes, arena);
    }
  }
}
