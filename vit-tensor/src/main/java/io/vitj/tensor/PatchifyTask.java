package io.vitj.tensor;

import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.RangeTask;
import java.lang.foreign.MemorySegment;

/**
 * Cuts images into patches, one row a patch, its values in the order of a convolution kernel (C, P,
 * P): im2col for a stride equal to the kernel size. A piece is one row of patches of one image.
 */
final class PatchifyTask implements RangeTask {
  private Tensor pixels;
  private Tensor columns;
  private int patch;

  void run(Crew crew, Tensor images, int patchSize, Tensor out) {
    pixels = images;
    columns = out;
    patch = patchSize;
    crew.run(images.shape().dim(0) * (images.shape().dim(2) / patchSize), this);
  }

  @Override
  public void run(int index, int worker) {
    int channels = pixels.shape().dim(1);
    int height = pixels.shape().dim(2);
    int width = pixels.shape().dim(3);
    int down = height / patch;
    int across = width / patch;
    long image = index / down;
    int top = index % down * patch;
    long to = columns.byteOffset() + (long) index * across * channels * patch * patch * 4;
    for (int p = 0; p < across; p++) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < patch; y++) {
          long row = (image * channels + c) * height + top + y;
          long from = pixels.byteOffset() + (row * width + (long) p * patch) * 4;
          MemorySegment.copy(pixels.segment(), from, columns.segment(), to, patch * 4L);
          to += patch * 4L;
        }
      }
    }
  }
}
