package io.vitj.nn;

import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchEmbeddingTest {
  @ParameterizedTest
  @CsvSource({"1, 3, 8, 8, 8, 5", "2, 3, 24, 40, 8, 48", "2, 1, 6, 9, 3, 17", "1, 4, 2, 3, 1, 2"})
  void equalsTheConvolution(int batch, int channels, int h, int w, int patch, int width) {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      int fan = channels * patch * patch;
      int patches = (h / patch) * (w / patch);
      float[] pixels = f.normal(batch * channels * h * w, 1);
      float[] kernel = f.weight(width, fan);
      float[] bias = f.normal(width, 0.1);
      float[] positions = f.normal(batch * patches * width, 1);
      Tensor weight = f.tensor(kernel, width, channels, patch, patch);
      PatchEmbedding embedding =
          new PatchEmbedding(new Linear(f.arena, weight, f.tensor(bias, width)), patch);
      Tensor columns = f.zeros(batch, patches, fan);
      Tensor x = f.tensor(positions, batch, patches, width);

      f.run(
          () -> {
            embedding.patchify(f.context, f.tensor(pixels, batch, channels, h, w), columns);
            embedding.addTo(f.context, columns, x);
          });

      float[] windows = windows(pixels, batch, channels, h, w, patch);
      Matrix stream = Matrix.of(batch * patches, width, positions);
      Matrix patchRows = Matrix.of(batch * patches, fan, windows);
      Fixture.assertClose(x, Reference.linearAdd(stream, patchRows, kernel, bias));
    }
  }

  /**
   * The receptive field of each output of the convolution, from the definition of a convolution.
   */
  private static float[] windows(float[] pixels, int batch, int channels, int h, int w, int patch) {
    float[] rows = new float[pixels.length];
    int at = 0;
    for (int b = 0; b < batch; b++) {
      for (int y = 0; y < h; y += patch) {
        for (int x = 0; x < w; x += patch) {
          for (int c = 0; c < channels; c++) {
            for (int dy = 0; dy < patch; dy++) {
              for (int dx = 0; dx < patch; dx++) {
                rows[at++] = pixels[((b * channels + c) * h + y + dy) * w + x + dx];
              }
            }
          }
        }
      }
    }
    return rows;
  }
}
