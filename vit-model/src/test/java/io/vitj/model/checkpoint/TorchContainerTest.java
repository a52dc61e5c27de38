package io.vitj.model.checkpoint;

import static io.vitj.model.checkpoint.CheckpointAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.pickle.PickleBytes;
import io.vitj.model.checkpoint.zip.RawZip;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Damaged and unusual containers of PyTorch: zip, legacy and tar. */
class TorchContainerTest extends TorchFixture {
  @Test
  void storagesMustBeThereAndFit() throws IOException {
    PickleBytes absent = pickle().op("}(").text("a").rebuild();
    absent.storage("FloatStorage", "x\n/../0", 6).view(0, new long[] {6}, new long[] {1});
    assertRefused(write(zip(absent.op('u'))), "it has no storage 'x\\u000a/../0'");
    for (long elements : new long[] {5, 7, -1, Long.MAX_VALUE}) {
      PickleBytes pickle = pickle().op("}(").text("a").rebuild();
      pickle.storage("FloatStorage", "0", elements).view(0, new long[] {2}, new long[] {1});
      assertRefused(
          write(zip(pickle.op('u'))),
          "the storage '0' has 24 bytes instead of " + elements + " elements of F32");
    }
  }

  @Test
  void archivesOfSomethingElse() throws IOException {
    assertRefused(write(new RawZip().stored("a", SIX)), "it has 0 entries data.pkl instead of 1");
    assertRefused(write(zip(dict("a")).stored("other/data.pkl", SIX)), "it has 2 entries data.pkl");
    RawZip big = new RawZip().stored("m/data.pkl", dict("a").op('.').bytes());
    assertRefused(
        write(big.stored("m/byteorder", "big".getBytes(StandardCharsets.UTF_8))),
        "has the byte order 'big'; vitj reads little");
    assertRefused(write(new PickleBytes()), "begins neither as a zip archive nor as a pickle");
    assertRefused(write(new PickleBytes().raw(SIX)), "begins neither");
  }

  @Test
  void storagesMayBeDeflated() throws IOException {
    RawZip zip =
        new RawZip()
            .deflated("data.pkl", dict("a").op('.').bytes())
            .deflated("data/0", SIX)
            .last(e -> e.crc = 0)
            .stored("data/0.txt", SIX);
    Path wrong = write(zip);
    assertRefused(wrong, "the entry 'data/0' has the CRC-32");
    zip = new RawZip().deflated("data.pkl", dict("a").bytes()).deflated("data/0", SIX);
    assertRefused(write(zip), "a field of 1 bytes at byte 188 goes beyond the end at 188");
    zip = new RawZip().deflated("data.pkl", dict("a").op('.').bytes()).deflated("data/0", SIX);
    try (CheckpointFile file = CheckpointFile.open(write(zip));
        Arena arena = Arena.ofConfined()) {
      assertThat(file.read("a", arena).get(1, 2)).isEqualTo(6f);
    }
  }

  @Test
  void sumsOfStoredEntriesAreNotChecked() throws IOException {
    RawZip zip = new RawZip().stored("data.pkl", dict("a").op('.').bytes()).last(e -> e.crc = 0);
    try (CheckpointFile file =
        CheckpointFile.open(write(zip.stored("data/0", SIX).last(e -> e.crc = 0)))) {
      assertThat(file.tensors()).hasSize(1);
    }
  }

  @Test
  void legacyFilesThatAreNone() throws IOException {
    assertRefused(
        write(pickle().op("}.")), "is a pickle that torch.save did not write; vitj reads state");
    byte[] head = legacyHead().bytes();
    byte[] version = head.clone();
    version[18] = 4;
    assertRefused(
        write(new PickleBytes().raw(version)), "is of version 772 of PyTorch's legacy format");
    byte[] big = head.clone();
    big[big.length - 3] = (byte) 0x89;
    assertRefused(write(new PickleBytes().raw(big)), "was saved on a big-endian machine");
    PickleBytes noKeys = legacyHead().raw(dict("a").op('.').bytes()).proto().op("N.");
    assertRefused(write(noKeys), "no list of storages follows its pickle");
    PickleBytes unknown = legacyHead().raw(dict("a").op('.').bytes());
    assertRefused(
        write(unknown.proto().op("](").text("1").op("e.").i64(6).raw(SIX)),
        "it lists a storage that its pickle does not refer to");
    PickleBytes none = legacyHead().raw(dict("a").op('.').bytes());
    assertRefused(write(none.proto().op("].")), "it has no storage '0'");
    for (long elements : new long[] {5, 7, Long.MAX_VALUE}) {
      PickleBytes other = legacyHead().raw(dict("a").op('.').bytes());
      other.proto().op("](").text("0").op("e.").i64(elements).raw(SIX);
      assertRefused(
          write(other), "storage '0' has 6 elements of F32 in its pickle and " + elements);
    }
    byte[] sound = legacy(dict("a").op('.').bytes()).bytes();
    assertRefused(
        write(new PickleBytes().raw(Arrays.copyOf(sound, sound.length - 1))),
        "has 6 elements of F32 in its pickle and 6 at byte");
    PickleBytes outside = pickle().op("}(").text("a").rebuild();
    outside.op('(').text("storage").global("torch", "FloatStorage").text("0").text("cpu");
    outside.integer(6).op('(').text("9").integer(2).integer(5).op("ttQ");
    outside.view(1, new long[] {2}, new long[] {1}).op('u');
    assertRefused(
        write(legacy(outside.op('.').bytes())), "a view of the storage '0' reaches outside it");
  }

  @Test
  void theFormatOfTheFirstVersionsIsNamed() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertRefused(
        write(new PickleBytes().raw(tar)), "is in the tar format of PyTorch 0.1; load it with");
  }
}
