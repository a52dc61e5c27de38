package io.vitj.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a checkpoint wants done to a picture before the model sees it: resize, centre crop, rescale,
 * normalise. Equal to the reference (transformers' Pillow image processors, timm's evaluation
 * transform) in every bit of the result; DINOv3, whose processor resizes floats, within 6e-6.
 *
 * <p>Immutable; may be shared between threads.
 */
public final class Preprocess {
  private static final int CHANNELS = 3;

  private final ResizeRule resize;
  private final Filter filter;
  private final CropRule crop;
  private final int width;
  private final int height;
  private final byte[] padding;
  private final Normalization normalization;
  private final boolean resizesFloats;

  /**
   * @param padding the colour around a picture that is smaller than the crop, 3 bytes
   * @param resizesFloats whether pictures are rescaled before they are resized; they are not
   *     cropped then
   */
  Preprocess(
      ResizeRule resize,
      Filter filter,
      CropRule crop,
      int width,
      int height,
      byte[] padding,
      Normalization normalization,
      boolean resizesFloats) {
    this.resize = resize;
    this.filter = filter;
    this.crop = crop;
    this.width = width;
    this.height = height;
    this.padding = padding;
    this.normalization = normalization;
    this.resizesFloats = resizesFloats;
  }

  /**
   * Reads a Hugging Face {@code preprocessor_config.json}. Settings it leaves out have the defaults
   * of its processor class.
   *
   * @param config the file's content
   * @param modelType {@code model_type} of {@code config.json}, which decides the processor class
   *     where the file names none
   * @param source the file, for messages
   * @return the preprocessing
   * @throws ModelException if a setting is unknown, contradicts another, or leaves the size of the
   *     result open
   */
  public static Preprocess huggingFace(JsonNode config, String modelType, String source) {
    return HuggingFaceProcessor.parse(config, modelType, source);
  }

  /**
   * Reads a timm {@code pretrained_cfg}: the transform is {@code
   * timm.data.create_transform(is_training=False)} of these settings.
   *
   * @param config the {@code pretrained_cfg}; settings it leaves out have timm's defaults
   * @param height the model's input height, which is preferred to {@code input_size}
   * @param width the model's input width
   * @param source the file, for messages
   * @return the preprocessing
   * @throws ModelException if a setting is unknown or out of range
   */
  public static Preprocess timm(JsonNode config, int height, int width, String source) {
    return TimmTransform.parse(config, height, width, source);
  }

  /**
   * The preprocessing of a model that comes without any description: timm's defaults, that is
   * bicubic, a centre crop of 87.5 %, and the mean and deviation of ImageNet.
   *
   * @param height the model's input height
   * @param width the model's input width
   * @return the preprocessing
   */
  public static Preprocess defaults(int height, int width) {
    return TimmTransform.defaults(height, width);
  }

  /**
   * The same preprocessing for another input size: the resizing grows with the crop, so that a
   * picture of the proportions of the input loses the same share at its edges.
   *
   * @param newHeight rows of the result
   * @param newWidth pixels in a row of the result
   * @return the preprocessing; this one if it has that size
   */
  public Preprocess at(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    return new Preprocess(
        resize.scaledBy((double) newWidth / width, (double) newHeight / height),
        filter,
        crop,
        newWidth,
        newHeight,
        padding,
        normalization,
        resizesFloats);
  }

  /**
   * The height of the result.
   *
   * @return rows
   */
  public int height() {
    return height;
  }

  /**
   * The width of the result.
   *
   * @return pixels in a row
   */
  public int width() {
    return width;
  }

  /**
   * What is subtracted from each channel after rescaling.
   *
   * @return a copy: red, green, blue; 0 where nothing is subtracted
   */
  public float[] mean() {
    return normalization.mean();
  }

  /**
   * What each channel is divided by after the mean is subtracted.
   *
   * @return a copy: red, green, blue; 1 where nothing is divided
   */
  public float[] std() {
    return normalization.std();
  }

  /**
   * The number of values of one preprocessed picture.
   *
   * @return 3 · height · width
   */
  public int length() {
    return CHANNELS * height * width;
  }

  /**
   * The picture as the model sees it, before rescaling and normalising: resized, cropped, padded.
   * To be looked at: where the model resizes rescaled values, they are not rounded to 8 bits.
   *
   * @param image a decoded picture; not changed
   * @return a picture of {@code width() × height()}; the given one if nothing is to be done
   * @throws ModelException if the picture is too narrow for the resizing to leave a pixel
   */
  public RgbImage view(RgbImage image) {
    ResizeRule.Size size = resized(image.width(), image.height());
    int left = crop.start(size.width(), width);
    int top = crop.start(size.height(), height);
    int firstColumn = Math.max(left, 0);
    int firstRow = Math.max(top, 0);
    int columns = Math.min(left + width, size.width()) - firstColumn;
    int rows = Math.min(top + height, size.height()) - firstRow;
    RgbImage part =
        Resampler.resize(
            image, size.width(), size.height(), filter, firstColumn, firstRow, columns, rows);
    if (columns == width && rows == height) {
      return part;
    }
    return part.placed(width, height, firstColumn - left, firstRow - top, padding);
  }

  private ResizeRule.Size resized(int imageWidth, int imageHeight) {
    ResizeRule.Size size = resize.target(imageWidth, imageHeight);
    if (size.width() < 1 || size.height() < 1) {
      throw new ModelException(
          "a picture of %d×%d pixels is too narrow to %s; crop it first"
              .formatted(imageWidth, imageHeight, resize));
    }
    return size;
  }

  /**
   * Finds the part of a picture that the model sees: {@link #view} is this region, scaled. With (w,
   * h) the picture, (W, H) its resized form and (l, t) where the crop begins in that, x = l·w/W and
   * y = t·h/H.
   *
   * @param imageWidth w
   * @param imageHeight h
   * @return the region, which may reach beyond the picture
   * @throws ModelException if the picture is too narrow for the resizing to leave a pixel
   */
  public ImageRegion region(int imageWidth, int imageHeight) {
    ResizeRule.Size size = resized(imageWidth, imageHeight);
    double across = (double) imageWidth / size.width();
    double down = (double) imageHeight / size.height();
    return new ImageRegion(
        across * crop.start(size.width(), width),
        down * crop.start(size.height(), height),
        across * width,
        down * height);
  }

  /**
   * Computes a model's {@code pixel_values} of one picture.
   *
   * @param image a decoded picture; not changed
   * @param out receives (3, height, width), red plane first
   * @param offset where in {@code out} the result begins
   * @throws ModelException if the picture is too narrow for the resizing to leave a pixel
   * @throws IndexOutOfBoundsException if {@code out} has no room
   */
  public void apply(RgbImage image, float[] out, int offset) {
    Objects.checkFromIndexSize(offset, length(), out.length);
    if (resizesFloats) {
      resizeFloats(image, out, offset);
      return;
    }
    byte[] pixels = view(image).pixels();
    int plane = height * width;
    for (int c = 0; c < CHANNELS; c++) {
      float[] table = normalization.table(c);
      int o = offset + c * plane;
      for (int i = c; i < pixels.length; i += CHANNELS, o++) {
        out[o] = table[pixels[i] & 0xff];
      }
    }
  }

  private void resizeFloats(RgbImage image, float[] out, int offset) {
    byte[] pixels = image.pixels();
    float[] plane = new float[pixels.length / CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = normalization.rescaled(pixels[i * CHANNELS + c] & 0xff);
      }
      float[] resized = FloatResampler.resize(plane, image.width(), width, height, filter);
      for (int i = 0; i < resized.length; i++) {
        out[offset + c * resized.length + i] = normalization.normalised(resized[i], c);
      }
    }
  }

  /**
   * Computes a model's {@code pixel_values} of one picture.
   *
   * @param image a decoded picture; not changed
   * @return (3, height, width), red plane first
   * @throws ModelException if the picture is too narrow for the resizing to leave a pixel
   */
  public float[] apply(RgbImage image) {
    float[] out = new float[length()];
    apply(image, out, 0);
    return out;
  }

  /**
   * Describes this in the terms of timm's {@code pretrained_cfg}, as nearly as they allow: timm
   * knows no picture that is resized to an edge or box other than by a share of the crop.
   *
   * @return {@code input_size}, {@code interpolation}, {@code crop_pct}, {@code crop_mode}, {@code
   *     mean} and {@code std}
   */
  public ObjectNode timm() {
    ObjectNode description =
        TimmTransform.describe(resize, new ResizeRule.Size(width, height))
            .put("interpolation", filter.toString());
    description.putArray("input_size").add(CHANNELS).add(height).add(width);
    for (int c = 0; c < CHANNELS; c++) {
      description.withArray("mean").add(normalization.mean()[c]);
      description.withArray("std").add(normalization.std()[c]);
    }
    return description;
  }

  /**
   * The steps in order, for people: "resize shortest edge 256 bilinear, centre crop 224×224, …".
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(resize.toString());
    if (!(resize instanceof ResizeRule.Keep)) {
      text.append(' ').append(filter).append(resizesFloats ? " after rescaling" : "");
    }
    if (!resize.equals(new ResizeRule.Exact(width, height))) {
      text.append(", centre crop %d×%d".formatted(width, height));
      if (!Arrays.equals(padding, new byte[CHANNELS])) {
        text.append(
            IntStream.range(0, CHANNELS)
                .mapToObj(c -> "%d".formatted(padding[c] & 0xff))
                .collect(Collectors.joining(" ", ", padded with ", "")));
      }
    }
    return text.append(normalization).toString();
  }
}
