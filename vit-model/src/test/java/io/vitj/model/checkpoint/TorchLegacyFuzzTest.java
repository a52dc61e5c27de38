package io.vitj.model.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vitj.model.checkpoint.pickle.PickleBytes;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class TorchLegacyFuzzTest {
  static Stream<byte[]> seeds() {
    PickleBytes value = TorchZipFuzzTest.nested();
    PickleBytes command = new PickleBytes().proto().global("os", "system").text("x").op(0x85);
    return Stream.of(
        TorchFixture.legacy(value.bytes()).bytes(),
        TorchFixture.legacy(command.op("R.").bytes()).bytes());
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyBytes(byte[] bytes) {
    HostileFilesTest.isSound(Path.of("fuzz.pth"), bytes);
  }
}
