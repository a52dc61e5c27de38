package io.vitj.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species of this JVM and its loads; all vector kernels share them. The species is a
 * compile-time constant to C2: a species that varied would make every vector an object on the heap.
 * There are no stores here: they come last in a graph, where C2 no longer inlines ordinary methods
 * (see {@link VectorMath}), so kernels call the JDK's.
 */
final class Lanes {
  static final VectorSpecies<Float> SPECIES = choose();
  static final int COUNT = SPECIES.length();
  static final long BYTES = COUNT * 4L;

  static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);

  private static final VectorShuffle<Float> BY_8 = rotate(8);
  private static final VectorShuffle<Float> BY_4 = rotate(4);
  private static final VectorShuffle<Float> BY_2 = rotate(2);
  private static final VectorShuffle<Float> BY_1 = rotate(1);

  private Lanes() {}

  private static VectorShuffle<Float> rotate(int lanes) {
    return VectorShuffle.iota(SPECIES, lanes, 1, true);
  }

  private static VectorSpecies<Float> choose() {
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    String wish = System.getProperty(KernelProvider.BITS_PROPERTY);
    int bits =
        switch (wish) {
          case null -> Math.clamp(preferred, 128, 512);
          case "128", "256", "512" -> Integer.parseInt(wish);
          default ->
              throw new IllegalArgumentException(
                  "-D" + KernelProvider.BITS_PROPERTY + '=' + wish + ": use 128, 256 or 512");
        };
    if (bits > preferred) {
      throw new IllegalStateException(
          "vectors of "
              + bits
              + " bits are wider than the "
              + preferred
              + " of this processor: "
              + (preferred < 128
                  ? "use -D" + KernelProvider.KERNELS_PROPERTY + "=scalar"
                  : "choose -D" + KernelProvider.BITS_PROPERTY + '=' + preferred + " or less"));
    }
    return switch (bits) {
      case 128 -> FloatVector.SPECIES_128;
      case 256 -> FloatVector.SPECIES_256;
      default -> FloatVector.SPECIES_512;
    };
  }

  /** The largest multiple of the lane count up to n. */
  static int bound(int n) {
    return n & -COUNT;
  }

  /** The first n − bound(n) lanes. */
  static VectorMask<Float> tail(int n) {
    return SPECIES.indexInRange(bound(n), n);
  }

  static FloatVector load(MemorySegment x, long byteOffset) {
    return FloatVector.fromMemorySegment(SPECIES, x, byteOffset, LITTLE);
  }

  static FloatVector load(MemorySegment x, long byteOffset, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(SPECIES, x, byteOffset, LITTLE, mask);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /**
   * The sum of the lanes: lane i and lane i + half of them first, then a quarter, and so on. The
   * order matters: reduceLanes leaves it open, and the interpreter and C2 do differ, so that a
   * result would change its bits once its method is compiled.
   */
  static float sum(FloatVector v) {
    FloatVector sum = v;
    if (COUNT > 8) {
      sum = sum.add(sum.rearrange(BY_8));
    }
    if (COUNT > 4) {
      sum = sum.add(sum.rearrange(BY_4));
    }
    sum = sum.add(sum.rearrange(BY_2));
    sum = sum.add(sum.rearrange(BY_1));
    return sum.lane(0);
  }

  /** The sum of some lanes. */
  static float sum(FloatVector v, VectorMask<Float> mask) {
    return sum(broadcast(0f).blend(v, mask));
  }
}
