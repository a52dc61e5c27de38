package io.vitj.tensor.memory;

import java.lang.foreign.MemorySegment;

/** What kernels need of memory that is mapped from a file. */
public final class MappedMemory {
  private MappedMemory() {}

  /**
   * Returns memory as a segment of the class that an arena allocates, at the same addresses and
   * with the same arena and access.
   *
   * <p>A mapped segment has a class of its own, and a kernel that has met both classes is another
   * kernel to C2: it asks for the class at every access, and in two of five JVMs had no room left
   * to inline the vector operations, which then took eight times as long. A buffer of another type
   * than bytes does not know that it is mapped, nor does a segment of that buffer.
   *
   * @param memory any memory
   * @return the same memory; itself if it is not mapped, or longer than a buffer can be, 2 GiB, or
   *     of an odd size
   */
  public static MemorySegment asAllocated(MemorySegment memory) {
    return memory.isMapped() && memory.byteSize() <= Integer.MAX_VALUE && memory.byteSize() % 2 == 0
        ? MemorySegment.ofBuffer(memory.asByteBuffer().asShortBuffer())
        : memory;
  }
}
