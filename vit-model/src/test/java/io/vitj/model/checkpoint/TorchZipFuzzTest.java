package io.vitj.model.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vitj.model.checkpoint.pickle.PickleBytes;
import io.vitj.model.checkpoint.zip.RawZip;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class TorchZipFuzzTest {
  /** A nested state dict of a transposed tensor (2, 3) on the storage "0" of six floats. */
  static PickleBytes nested() {
    PickleBytes pickle = new PickleBytes().proto().op("}(").text("model").op("}(").text("a");
    pickle.rebuild().storage("FloatStorage", "0", 6);
    pickle.view(0, new long[] {2, 3}, new long[] {1, 2}).op('u');
    pickle.text("args").global("argparse", "Namespace").op(")").op(0x81).op("}K\1Nsb");
    return pickle.op("u.");
  }

  static Stream<byte[]> seeds() {
    RawZip zip =
        new RawZip()
            .stored("m/data.pkl", nested().bytes())
            .stored("m/byteorder", "little".getBytes(StandardCharsets.UTF_8))
            .stored("m/data/0", Npy.floats(1, 2, 3, 4, 5, 6));
    return Stream.of(zip.bytes());
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyBytes(byte[] bytes) {
    HostileFilesTest.isSound(Path.of("fuzz.pth"), bytes);
  }
}
