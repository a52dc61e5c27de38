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
  private record Region(String name, Shape shape, int first, int last) {
    long bytes() {
      long bytes = Math.multiplyExact(shape.elements(), 4L);
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
    if (lastStep < firstStep) {
      throw new IllegalArgumentException(
          "the region " + name + " ends at step " + lastStep + " before it starts at " + firstStep);
    }
    if (regions.putIfAbsent(name, new Region(name, shape, firstStep, lastStep)) != null) {
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
            tensors.put(region.name, Tensor.view(slab, offset, DType.F32, region.shape)));
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
