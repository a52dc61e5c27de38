package io.vitj.tensor.memory;

import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Places the activations of one inference in a single allocation. A region lives from the step that
 * first writes it to the step that last reads it; regions whose lives do not meet may share memory.
 *
 * <p>Placement is greedy by size: the largest region first, each at the lowest offset that is free
 * throughout its life (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
 * Inference", 2020, section 4.3).
 */
public final class WorkspacePlan {
  /**
   * Bytes from which on rows as far apart fall into the same sets of a first-level cache: its sets
   * times its lines. A tile of the matrix product reads 8 rows at a time.
   */
  private static final long ALIAS = 4096;

  private record Region(String name, Shape shape, int rowStride, int first, int last) {
    long bytes() {
      long bytes = Math.multiplyExact(Math.multiplyExact((long) shape.rows(), rowStride), 4L);
      return (bytes + Tensor.ALIGNMENT - 1) / Tensor.ALIGNMENT * Tensor.ALIGNMENT;
    }

    boolean meets(Region other) {
      return first <= other.last && other.first <= last;
    }
  }

  private final Map<String, Region> regions = new LinkedHashMap<>();

  /** Makes an empty plan. */
  public WorkspacePlan() {}

  /**
   * Adds a region of F32 values.
   *
   * @param name its name
   * @param shape its shape
   * @param firstStep the step that first writes it
   * @param lastStep the step that last uses it
   * @return this plan
   * @throws IllegalArgumentException if the name is taken or the life ends before it starts
   */
  public WorkspacePlan region(String name, Shape shape, int firstStep, int lastStep) {
    return region(name, shape, shape.dim(-1), firstStep, lastStep);
  }

  /**
   * Adds a region of F32 values that a matrix product reads or writes. Where its rows are whole
   * multiples of 4 KiB they are set a cache line further apart ({@link Tensor#rowStride}), since
   * rows read together would drive one another out of the cache: 2 to 5 % of a product's time.
   *
   * @param name its name
   * @param shape its shape
   * @param firstStep the step that first writes it
   * @param lastStep the step that last uses it
   * @return this plan
   * @throws IllegalArgumentException if the name is taken or the life ends before it starts
   */
  public WorkspacePlan spacedRegion(String name, Shape shape, int firstStep, int lastStep) {
    int row = shape.dim(-1);
    int gap = row * 4L % ALIAS == 0 ? (int) (Tensor.ALIGNMENT / 4) : 0;
    return region(name, shape, row + gap, firstStep, lastStep);
  }

  private WorkspacePlan region(
      String name, Shape shape, int rowStride, int firstStep, int lastStep) {
    if (lastStep < firstStep) {
      throw new IllegalArgumentException(
          "the region " + name + " ends at step " + lastStep + " before it starts at " + firstStep);
    }
    if (regions.putIfAbsent(name, new Region(name, shape, rowStride, firstStep, lastStep))
        != null) {
      throw new IllegalArgumentException("the region " + name + " is planned twice");
    }
    return this;
  }

  /**
   * Places all regions and allocates them, zeroed, as one block.
   *
   * @param arena the owner of the memory
   * @return the workspace
   */
  public Workspace allocate(Arena arena) {
    Map<Region, Long> offsets = place();
    long bytes = Tensor.ALIGNMENT;
    for (Map.Entry<Region, Long> entry : offsets.entrySet()) {
      bytes = Math.max(bytes, entry.getValue() + entry.getKey().bytes());
    }
    MemorySegment slab = arena.allocate(bytes, Tensor.ALIGNMENT);
    Map<String, Tensor> tensors = new HashMap<>();
    offsets.forEach(
        (region, offset) ->
            tensors.put(
                region.name, Tensor.view(slab, offset, DType.F32, region.shape, region.rowStride)));
    return new Workspace(tensors, bytes);
  }

  private Map<Region, Long> place() {
    List<Region> bySize = new ArrayList<>(regions.values());
    bySize.sort(Comparator.comparingLong(Region::bytes).reversed());
    Map<Region, Long> offsets = new LinkedHashMap<>();
    for (Region region : bySize) {
      offsets.put(region, lowestFree(region, offsets));
    }
    return offsets;
  }

  private static long lowestFree(Region region, Map<Region, Long> placed) {
    List<Map.Entry<Region, Long>> rivals = new ArrayList<>();
    for (Map.Entry<Region, Long> entry : placed.entrySet()) {
      if (entry.getKey().meets(region)) {
        rivals.add(entry);
      }
    }
    rivals.sort(Map.Entry.comparingByValue());
    long offset = 0;
    for (Map.Entry<Region, Long> rival : rivals) {
      if (offset + region.bytes() <= rival.getValue()) {
        break;
      }
      offset = Math.max(offset, rival.getValue() + rival.getKey().bytes());
    }
    return offset;
  }
}
