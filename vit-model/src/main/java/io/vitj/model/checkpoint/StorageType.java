package io.vitj.model.checkpoint;

import io.vitj.tensor.DType;
import java.util.Optional;

/**
 * Element types that checkpoint files declare, named as in safetensors. Only floating-point types
 * of 16 bits or more can be read as weights.
 */
public enum StorageType {
  /** Boolean, one byte. */
  BOOL(8),
  /** 4-bit float, two in a byte (OCP Microscaling). */
  F4(4),
  /** 6-bit float with 2 exponent and 3 fraction bits (OCP Microscaling). */
  F6_E2M3(6),
  /** 6-bit float with 3 exponent and 2 fraction bits (OCP Microscaling). */
  F6_E3M2(6),
  /** Unsigned byte. */
  U8(8),
  /** Signed byte. */
  I8(8),
  /** 8-bit float with 5 exponent and 2 fraction bits. */
  F8_E5M2(8),
  /** 8-bit float with 4 exponent and 3 fraction bits. */
  F8_E4M3(8),
  /** 8-bit float with 5 exponent and 2 fraction bits, one zero, no infinities. */
  F8_E5M2FNUZ(8),
  /** 8-bit float with 4 exponent and 3 fraction bits, one zero, no infinities. */
  F8_E4M3FNUZ(8),
  /** 8-bit power of two (OCP Microscaling). */
  F8_E8M0(8),
  /** Signed 16-bit integer. */
  I16(16),
  /** Unsigned 16-bit integer. */
  U16(16),
  /** IEEE binary16. */
  F16(16),
  /** bfloat16. */
  BF16(16),
  /** Signed 32-bit integer. */
  I32(32),
  /** Unsigned 32-bit integer. */
  U32(32),
  /** IEEE binary32. */
  F32(32),
  /** Pair of binary32: a complex number. */
  C64(64),
  /** IEEE binary64. */
  F64(64),
  /** Signed 64-bit integer. */
  I64(64),
  /** Unsigned 64-bit integer. */
  U64(64);

  private final int bits;

  StorageType(int bits) {
    this.bits = bits;
  }

  /**
   * Returns the size of one element.
   *
   * @return bits per element
   */
  public int bits() {
    return bits;
  }

  /**
   * Returns whether tensors of this type can be read as weights.
   *
   * @return true for F16, BF16, F32 and F64
   */
  public boolean readable() {
    return this == F64 || dtype().isPresent();
  }

  /**
   * Returns the tensor type whose values are stored the same way.
   *
   * @return it, if there is one
   */
  public Optional<DType> dtype() {
    return switch (this) {
      case F32 -> Optional.of(DType.F32);
      case F16 -> Optional.of(DType.F16);
      case BF16 -> Optional.of(DType.BF16);
      default -> Optional.empty();
    };
  }

  /**
   * Returns how the values of a tensor are stored.
   *
   * @param dtype the type of its elements
   * @return the type of the same name
   */
  public static StorageType of(DType dtype) {
    return switch (dtype) {
      case F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
    };
  }

  /**
   * Finds a type by its name.
   *
   * @param name the name as files write it
   * @return the type, if there is one of this name
   */
  public static Optional<StorageType> named(String name) {
    for (StorageType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
