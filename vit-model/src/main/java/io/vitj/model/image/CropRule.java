package io.vitj.model.image;

/** Where the centre crop of one axis begins; below 0 where the picture is smaller than the crop. */
enum CropRule {
  /** {@code floor((size − crop) / 2)}: transformers {@code center_crop}. */
  TRANSFORMERS {
    @Override
    int start(int size, int crop) {
      return Math.floorDiv(size - crop, 2);
    }
  },
  /**
   * {@code (size − crop) / 2}, rounded half to even inside the picture and towards zero outside:
   * torchvision {@code center_crop}, timm {@code center_crop_or_pad}.
   */
  TORCHVISION {
    @Override
    int start(int size, int crop) {
      return size >= crop ? (int) Math.rint((size - crop) / 2.0) : -((crop - size) / 2);
    }
  };

  abstract int start(int size, int crop);
}
