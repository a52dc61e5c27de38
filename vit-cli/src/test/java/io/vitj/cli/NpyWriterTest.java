package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {
  @TempDir private Path folder;

  @Test
  void writesVersionOneWithTheFinalNumberOfRows() throws IOException {
    Path path = folder.resolve("x.npy");
    try (NpyWriter npy = new NpyWriter(path, Shape.of(3))) {
      npy.append(new float[] {1, 2, 3});
      npy.append(new float[] {-0.5f, Float.NaN, 1e-40f});
      npy.commit();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertThat(magic).isEqualTo(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    byte[] header = new byte[bytes.getShort()];
    bytes.get(header);
    assertThat(bytes.position() % 64).isZero();
    assertThat(new String(header, StandardCharsets.US_ASCII).stripTrailing())
        .isEqualTo("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    assertThat(header[header.length - 1]).isEqualTo((byte) '\n');
    float[] values = new float[6];
    bytes.asFloatBuffer().get(values);
    assertThat(values).containsExactly(1, 2, 3, -0.5f, Float.NaN, 1e-40f);
    assertThat(bytes.remaining()).isEqualTo(24);
  }
}
