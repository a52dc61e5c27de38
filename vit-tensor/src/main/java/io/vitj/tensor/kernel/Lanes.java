package io.vitj.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
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

  private static final FloatVector INDEX = broadcast(0f).addIndex(1);
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

  /**
   * How far the first step over n ≥ COUNT elements goes, so that the others take a vector each and
   * end at n. The first one reads a whole vector too: its rest is met again.
   *
   * <p>So there are no masked loads and stores, which are slow on NEON, and whose two ways, near
   * the end of a segment and elsewhere, C2 joins in an object.
   */
  static int head(int n) {
    return (n - 1 & COUNT - 1) + 1;
  }

  /** The lanes from one on. */
  static VectorMask<Float> from(int lane) {
    return INDEX.compare(VectorOperators.GE, lane);
  }

  /**
   * Does nothing; but from a call {@code x.isNative()} on, C2 takes the class of x for known, so a
   * kernel begins with {@code settle(x.isNative() && y.isNative())}. Not where a loop hands its
   * vectors to a function of ours: in one of seven JVMs C2 left that a call, 1 KiB a vector.
   *
   * <p>Elsewhere it cannot tell: until it is compiled, {@code reinterpretAsInts} goes through a
   * byte array, so that the profile of every access in the JDK shows two classes of segments. A
   * loop with a store then checks class, arena and bounds of each operand in every step: a layer
   * norm took half as long again, a register tile 180 cycles beyond its FMAs instead of 100.
   *
   * @param isNative whether all segments are
   */
  static void settle(boolean isNative) {}

  static FloatVector load(MemorySegment x, long byteOffset) {
    return FloatVector.fromMemorySegment(SPECIES, x, byteOffset, LITTLE);
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
}
