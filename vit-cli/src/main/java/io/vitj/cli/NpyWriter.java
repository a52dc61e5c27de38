package io.vitj.cli;

import io.vitj.model.checkpoint.OutputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes a float32 matrix (N, D), row by row, as a NumPy array file of version 1.0.
 *
 * <p>Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays". N is known only
 * at the end, so the header has a fixed size and is written again on {@link #commit}.
 */
final class NpyWriter implements AutoCloseable {
  /** Magic, version, header length and dictionary; the format asks for a multiple of 64. */
  private static final int HEADER_BYTES = 128;

  private static final int PREFIX_BYTES = 10;

  private final OutputFile file;
  private final int columns;
  private final ByteBuffer row;
  private long rows;

  /**
   * Starts an empty matrix.
   *
   * @param path the file
   * @param columns D
   */
  NpyWriter(Path path, int columns) {
    this.file = new OutputFile(path);
    this.columns = columns;
    this.row = ByteBuffer.allocate(columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(header());
  }

  /**
   * Returns the number of columns.
   *
   * @return D
   */
  int columns() {
    return columns;
  }

  /**
   * Appends one row.
   *
   * @param values D values
   */
  void append(float[] values) {
    if (values.length != columns) {
      throw new IllegalArgumentException(values.length + " values for " + columns + " columns");
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
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
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
