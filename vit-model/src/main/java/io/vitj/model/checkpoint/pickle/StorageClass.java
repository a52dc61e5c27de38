package io.vitj.model.checkpoint.pickle;

import io.vitj.model.checkpoint.StorageType;

/** PyTorch's classes of storages, which name the element type of a tensor. */
enum StorageClass {
  FLOAT("FloatStorage", StorageType.F32),
  HALF("HalfStorage", StorageType.F16),
  B_FLOAT_16("BFloat16Storage", StorageType.BF16),
  DOUBLE("DoubleStorage", StorageType.F64),
  LONG("LongStorage", StorageType.I64),
  INT("IntStorage", StorageType.I32),
  SHORT("ShortStorage", StorageType.I16),
  CHAR("CharStorage", StorageType.I8),
  BYTE("ByteStorage", StorageType.U8),
  BOOL("BoolStorage", StorageType.BOOL),
  COMPLEX_FLOAT("ComplexFloatStorage", StorageType.C64);

  private final String className;
  private final StorageType type;

  StorageClass(String className, StorageType type) {
    this.className = "torch." + className;
    this.type = type;
  }

  StorageType type() {
    return type;
  }

  /**
   * Finds a class.
   *
   * @param name its module and its name, with a dot between them
   * @return the class, or null if it is none of these
   */
  static StorageClass named(String name) {
    for (StorageClass storage : values()) {
      if (storage.className.equals(name)) {
        return storage;
      }
    }
    return null;
  }
}
