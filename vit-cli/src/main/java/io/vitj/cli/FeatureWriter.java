package io.vitj.cli;

import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.model.pipeline.FeatureMap;
import io.vitj.model.pipeline.ImageFeatures;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Writes the features of one image after the other. */
interface FeatureWriter extends AutoCloseable {
  /**
   * Writes the features of an image.
   *
   * @param image its name
   * @param maps one a layer; null if the image could not be read
   */
  void write(String image, List<FeatureMap> maps);

  /** Completes the file, which appears only now. */
  void commit();

  @Override
  default void close() {}

  /**
   * A NumPy array (N, h, w, D), or (N, L, h, w, D) of several layers. An image that could not be
   * read is NaN, which keeps rows and images in step.
   *
   * @param npy the file
   */
  record Npy(NpyWriter npy) implements FeatureWriter {
    /**
     * Starts the file.
     *
     * @param path the file
     * @param features what the maps come from
     * @return the writer
     */
    static Npy to(Path path, ImageFeatures features) {
      int layers = features.layers().size();
      Shape patches = features.patchShape();
      return new Npy(new NpyWriter(path, layers == 1 ? patches : prepend(layers, patches)));
    }

    @Override
    public void write(String image, List<FeatureMap> maps) {
      float[] row = new float[npy.rowLength()];
      if (maps == null) {
        Arrays.fill(row, Float.NaN);
      } else {
        int at = 0;
        for (FeatureMap map : maps) {
          System.arraycopy(map.patches(), 0, row, at, map.patches().length);
          at += map.patches().length;
        }
      }
      npy.append(row);
    }

    @Override
    public void commit() {
      npy.commit();
    }

    @Override
    public void close() {
      npy.close();
    }
  }

  /**
   * For each layer a tensor {@code layer.<i>} (N, h, w, D) and, if asked for, {@code prefix.<i>}
   * (N, P, D), with the names of the images as a JSON array in the metadata.
   */
  final class Safetensors implements FeatureWriter {
    private final Path path;
    private final ImageFeatures features;
    private final boolean prefix;
    private final List<String> names = new ArrayList<>();
    private final List<List<FeatureMap>> images = new ArrayList<>();

    /**
     * Starts with no images.
     *
     * @param path the file
     * @param features what the maps come from
     * @param prefix whether tokens before the patches are written too
     */
    Safetensors(Path path, ImageFeatures features, boolean prefix) {
      this.path = path;
      this.features = features;
      this.prefix = prefix;
    }

    @Override
    public void write(String image, List<FeatureMap> maps) {
      if (maps != null) {
        names.add(image);
        images.add(maps);
      }
    }

    @Override
    public void commit() {
      SafetensorsWriter writer =
          new SafetensorsWriter().metadata("images", JsonOutput.tree(names).toString());
      for (int i = 0; i < features.layers().size(); i++) {
        int layer = features.layers().get(i);
        add(writer, "layer." + layer, features.patchShape(), i, FeatureMap::patches);
        if (prefix) {
          add(writer, "prefix." + layer, features.prefixShape(), i, FeatureMap::prefix);
        }
      }
      writer.write(path);
    }

    private void add(
        SafetensorsWriter writer,
        String name,
        Shape ofImage,
        int layer,
        Function<FeatureMap, float[]> values) {
      Shape shape = prepend(images.size(), ofImage);
      writer.add(
          name,
          DType.F32,
          shape,
          arena -> {
            Tensor tensor = Tensor.allocate(arena, shape);
            for (int i = 0; i < images.size(); i++) {
              tensor.slice(i, 1).copyFrom(values.apply(images.get(i).get(layer)));
            }
            return tensor;
          });
    }
  }

  private static Shape prepend(int extent, Shape shape) {
    return Shape.of(IntStream.concat(IntStream.of(extent), Arrays.stream(shape.dims())).toArray());
  }
}
