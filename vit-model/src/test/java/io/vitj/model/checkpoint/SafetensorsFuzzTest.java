package io.vitj.model.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFuzzTest {
  private static final String HEADER =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
          + "\"b\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,16]}}";

  static Stream<byte[]> seeds() {
    byte[] json = HEADER.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    return Stream.of(file.putLong(json.length).put(json).array());
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyBytes(byte[] bytes) {
    HostileFilesTest.isSound(Path.of("fuzz.safetensors"), bytes);
  }
}
