package io.vitj.cli;

import io.vitj.model.checkpoint.OutputFile;
import io.vitj.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes a float32 array (N, …), row by row of its first axis, as a NumPy array file of version
 * 1.0.
 *
 * <p>Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays". N is known only
 * at the end, so the header has a fixed size and is written again on {@link #commit}.
 */
final class NpyWriter implements AutoCloseable {
  /** Magic, version, header length and dictionary; the format asks for a multiple of 64. */
  private static final int HEADER_BYTES = 128;

  private static final int PREFIX_BYTES = 10;

  private final OutputFile file;
  private final Shape rowShape;
  private final ByteBuffer row;
  private long rows;

  /**
   * Starts an empty array.
   *
   * @param path the file
   * @param rowShape the shape of a row, all axes but the first
   */
  NpyWriter(Path path, Shape rowShape) {
    int bytes = Math.toIntExact(rowShape.elements() * Float.BYTES);
    this.file = new OutputFile(path);
    this.rowShape = rowShape;
    this.row = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    write(header());
  }

  /**
   * Returns the length of a row.
   *
   * @return the number of its values
   */
  int rowLength() {
    return row.capacity() / Float.BYTES;
  }

  /**
   * Appends one row.
   *
   * @param values as many as a row has
   */
  void append(float[] values) {
    if (values.length != rowLength()) {
      throw new IllegalArgumentException(values.length + " values for a row of " + rowLength());
    }
    row.clear();
    row.asFloatBuffer().put(values);
    write(row);
    rows++;
  }

  /** Completes the file and moves it into place. */
  void commit() {
    try {
      file.channel().position(0);
    } catch (IOException e) {
      throw file.failed(e);
    }
    write(header());
    file.commit();
  }

  private ByteBuffer header() {
    String axes =
        Arrays.stream(rowShape.dims()).mapToObj(d -> ", " + d).collect(Collectors.joining());
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + axes + "), }";
    String padded = dictionary + " ".repeat(HEADER_BYTES - PREFIX_BYTES - 1 - dictionary.length());
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) (HEADER_BYTES - PREFIX_BYTES));
    header.put(padded.getBytes(StandardCharsets.US_ASCII)).put((byte) '\n');
    return header.flip();
  }

  private void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
    } catch (IOException e) {
      throw file.failed(e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
