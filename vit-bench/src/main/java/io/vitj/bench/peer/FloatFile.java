package io.vitj.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of raw little-endian floats. */
public final class FloatFile {
  private FloatFile() {}

  /**
   * Writes floats.
   *
   * @param file the file to make or to replace
   * @param values what to write
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }

  /**
   * Reads floats.
   *
   * @param file the file
   * @return all that are in it
   * @throws IOException if it cannot be read
   */
  public static float[] read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }
}
