package io.vitj.tensor;

import io.vitj.tensor.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What BEiT adds to the scores of attention (Bao et al., 2022): a learned number for each head and
 * each offset between the patches of query and key, and three for pairs with the class token. The
 * tokens are the class token and a grid of h × w patches.
 *
 * <p>Row (y − y′ + h − 1)·(2w − 1) + x − x′ + w − 1 of the table belongs to a query at (y, x) and a
 * key at (y′, x′); the last three rows to class token and patch, patch and class token, class token
 * and itself.
 *
 * <p>Each head keeps its offsets together: for one key, the queries of a row of patches follow one
 * another there, so that a row of transposed scores takes h additions of w consecutive numbers, and
 * memory grows with the patches, not their square.
 */
public final class RelativePositionBias {
  private static final int CLASS_PAIRS = 3;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int heads;
  private final int height;
  private final int width;
  private final int offsets;
  private final MemorySegment byOffset; // (H, offsets)
  private final float[] classToPatch;
  private final float[] patchToClass;
  private final float[] classToClass;

  /**
   * Reorders a table; it may be released afterwards.
   *
   * @param arena the owner of the copy
   * @param table ((2h − 1)·(2w − 1) + 3, H), any dtype
   * @param height h
   * @param width w
   * @throws IllegalArgumentException if the table has other rows than that grid asks for
   */
  public RelativePositionBias(Arena arena, Tensor table, int height, int width) {
    this.height = height;
    this.width = width;
    offsets = (2 * height - 1) * (2 * width - 1);
    if (table.shape().rank() != 2 || table.shape().dim(0) != offsets + CLASS_PAIRS) {
      throw new IllegalArgumentException(
          "a grid of %d × %d needs a table of %d rows, not %s"
              .formatted(height, width, offsets + CLASS_PAIRS, table.shape()));
    }
    heads = table.shape().dim(1);
    classToPatch = table.slice(offsets, 1).toFloats();
    patchToClass = table.slice(offsets + 1, 1).toFloats();
    classToClass = table.slice(offsets + 2, 1).toFloats();
    float[] values = table.slice(0, offsets).toFloats();
    float[] byHead = new float[heads * offsets];
    for (int i = 0; i < byHead.length; i++) {
      byHead[i] = values[i % offsets * heads + i / offsets];
    }
    byOffset = Tensor.of(arena, Shape.of(heads, offsets), byHead).segment();
  }

  /**
   * Returns the number of heads.
   *
   * @return H
   */
  public int heads() {
    return heads;
  }

  /**
   * Returns the number of tokens.
   *
   * @return T = 1 + h·w
   */
  public int tokens() {
    return 1 + height * width;
  }

  /**
   * Adds to the scores of one key.
   *
   * @param kernels what adds
   * @param head the head
   * @param key the token; 0 for the class token
   * @param first the first query; 0 for the class token
   * @param count the number of queries
   * @param scores where its scores lie
   * @param at the score of the first query, in floats
   */
  void addTo(
      Kernels kernels, int head, int key, int first, int count, MemorySegment scores, long at) {
    int query = first;
    int end = first + count;
    if (query == 0) {
      add(scores, at, key == 0 ? classToClass[head] : classToPatch[head]);
      query++;
    }
    if (key == 0) {
      for (; query < end; query++) {
        add(scores, at + query - first, patchToClass[head]);
      }
      return;
    }
    int keyY = (key - 1) / width;
    int keyX = (key - 1) % width;
    while (query < end) {
      int y = (query - 1) / width;
      int x = (query - 1) % width;
      int n = Math.min(width - x, end - query); // to the end of a row of patches
      long row = (y - keyY + height - 1) * (2L * width - 1) + x - keyX + width - 1;
      kernels.add(byOffset, (long) head * offsets + row, scores, at + query - first, n);
      query += n;
    }
  }

  private static void add(MemorySegment scores, long at, float bias) {
    scores.set(FLOAT, at * 4, scores.get(FLOAT, at * 4) + bias);
  }
}
