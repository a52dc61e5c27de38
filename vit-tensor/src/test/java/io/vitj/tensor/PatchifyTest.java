package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchifyTest {
  @ParameterizedTest
  @CsvSource({
    "1, 3, 8, 8, 4",
    "2, 3, 12, 20, 4",
    "3, 1, 6, 3, 3",
    "1, 2, 5, 7, 1",
    "2, 4, 16, 16, 16",
    "2, 3, 10, 15, 4"
  })
  void rowsArePatchesInTheOrderOfAConvolutionKernel(
      int images, int channels, int height, int width, int patch) {
    float[] pixels = new float[images * channels * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i;
    }
    int across = width / patch;
    int patches = height / patch * across;
    Tensor in = Tensors.of(pixels, images, channels, height, width);
    Tensor out = Tensors.empty(images, patches, channels * patch * patch);
    try (Parallel parallel = Parallel.owned(3)) {
      new TensorOps(Arena.ofAuto(), parallel).patchify(in, patch, out);
    }
    Tensors.values(out);
    for (int b = 0; b < images; b++) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height / patch * patch; y++) {
          for (int x = 0; x < across * patch; x++) {
            int row = y / patch * across + x / patch;
            int column = (c * patch + y % patch) * patch + x % patch;
            assertThat(out.get(b, row, column)).isEqualTo(in.get(b, c, y, x));
          }
        }
      }
    }
  }
}
