package io.vitj.model.checkpoint;

import io.vitj.model.checkpoint.pickle.PickleBytes;
import io.vitj.model.checkpoint.zip.RawZip;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Files as torch.save writes them, around pickles that are written opcode by opcode. */
abstract class TorchFixture {
  static final byte[] SIX = Npy.floats(1, 2, 3, 4, 5, 6);
  static final long[] DENSE = {3, 1};

  @TempDir Path folder;

  static PickleBytes pickle() {
    return new PickleBytes().proto();
  }

  /** A tensor (2, 3) under a name, on the storage "0" of six floats. */
  static PickleBytes entry(PickleBytes pickle, String name) {
    pickle.text(name).rebuild().storage("FloatStorage", "0", 6);
    return pickle.view(0, new long[] {2, 3}, DENSE);
  }

  static PickleBytes dict(String... names) {
    PickleBytes pickle = pickle().op("}(");
    for (String name : names) {
      entry(pickle, name);
    }
    return pickle.op('u');
  }

  /** A file in the format of today, of a pickled value on the storage "0" of six floats. */
  static RawZip zip(PickleBytes pickle) {
    return new RawZip()
        .stored("archive/data.pkl", pickle.op('.').bytes())
        .stored("archive/byteorder", "little".getBytes(StandardCharsets.UTF_8))
        .stored("archive/data/0", SIX)
        .stored("archive/version", new byte[] {'3', '\n'});
  }

  static PickleBytes legacyHead() {
    PickleBytes head = pickle().op(0x8a, 10);
    byte[] magic = new BigInteger("1950a86a20f9469cfc6c", 16).toByteArray();
    for (int i = magic.length - 1; i >= 0; i--) {
      head.op(magic[i] & 0xff);
    }
    head.op('.').proto().op('M', 0xe9, 3).op('.');
    return head.proto().op("}(").text("little_endian").op(0x88).op("u.");
  }

  /** A legacy file of a pickled value on the storage "0" of six floats. */
  static PickleBytes legacy(byte[] value) {
    return legacyHead().raw(value).proto().op("](").text("0").op("e.").i64(6).raw(SIX);
  }

  Path write(RawZip zip) throws IOException {
    return Files.write(folder.resolve("model.pth"), zip.bytes());
  }

  Path write(PickleBytes file) throws IOException {
    return Files.write(folder.resolve("model.pth"), file.bytes());
  }
}
