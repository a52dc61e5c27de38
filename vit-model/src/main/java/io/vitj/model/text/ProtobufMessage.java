package io.vitj.model.text;

import io.vitj.model.ModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The fields of a message in the wire format of protocol buffers, one after another. The reader of
 * a field either takes its value or lets it go.
 */
final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Seven bits in each. */
  private static final int MAX_VARINT_BYTES = 10;

  private final ByteBuffer in;
  private int field;
  private int type;
  private boolean taken = true;

  /**
   * Begins before the first field.
   *
   * @param bytes from its position to its limit
   */
  ProtobufMessage(ByteBuffer bytes) {
    in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Goes to the next field.
   *
   * @return its number; 0 behind the last
   * @throws ModelException if the message is malformed
   */
  int next() {
    if (!taken) {
      skip();
    }
    if (!in.hasRemaining()) {
      return 0;
    }
    long key = readVarint();
    field = (int) (key >>> 3);
    type = (int) key & 7;
    if (key >>> 32 != 0 || field == 0) {
      throw new ModelException("a protobuf field has the number " + (key >>> 3));
    }
    taken = false;
    return field;
  }

  private void skip() {
    taken = true;
    switch (type) {
      case VARINT -> readVarint();
      case FIXED64 -> advance(Long.BYTES);
      case BYTES -> readBytes();
      case FIXED32 -> advance(Float.BYTES);
      default -> throw wrongType();
    }
  }

  /** Takes an integer or an enumerated value. */
  long integer() {
    take(VARINT);
    return readVarint();
  }

  /** Takes a flag. */
  boolean flag() {
    return integer() != 0;
  }

  /** Takes a number of single precision. */
  float number() {
    take(FIXED32);
    return in.getFloat(advance(Float.BYTES));
  }

  /** Takes bytes or a message. */
  ByteBuffer bytes() {
    take(BYTES);
    return readBytes();
  }

  /** Takes a text. */
  String text() {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  private void take(int wanted) {
    if (type != wanted) {
      throw wrongType();
    }
    taken = true;
  }

  private ModelException wrongType() {
    return new ModelException("protobuf field " + field + " has the wrong wire type " + type);
  }

  private ByteBuffer readBytes() {
    long length = readVarint();
    int start = advance(length);
    return in.slice(start, (int) length);
  }

  private int advance(long length) {
    int start = in.position();
    if (length < 0 || length > in.remaining()) {
      throw new ModelException(
          "protobuf field "
              + field
              + " claims "
              + Long.toUnsignedString(length)
              + " bytes where "
              + in.remaining()
              + " follow");
    }
    in.position(start + (int) length);
    return start;
  }

  private long readVarint() {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES && in.hasRemaining(); i++) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << 7 * i;
      if (b >= 0) {
        return value;
      }
    }
    throw new ModelException("a number in the protobuf message has no end");
  }
}
