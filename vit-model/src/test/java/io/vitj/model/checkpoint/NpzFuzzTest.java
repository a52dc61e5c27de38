package io.vitj.model.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vitj.model.checkpoint.zip.RawZip;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class NpzFuzzTest {
  static Stream<byte[]> seeds() {
    byte[] array = Npy.array("<f4", true, "(2, 1)", Npy.floats(1, 2));
    return Stream.of(
        new RawZip().stored("a.npy", array).bytes(),
        new RawZip().deflated("a.npy", array).zip64().bytes());
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyBytes(byte[] bytes) {
    HostileFilesTest.isSound(Path.of("fuzz.npz"), bytes);
  }
}
