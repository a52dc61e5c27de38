package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.pickle.PickledStorage;
import io.vitj.model.checkpoint.pickle.Unpickler;
import io.vitj.model.checkpoint.zip.ZipArchive;
import io.vitj.model.checkpoint.zip.ZipEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's format since 1.6 (torch/serialization.py): a zip archive of one folder with {@code
 * data.pkl}, a pickle in which storages are named by keys, {@code data/<key>}, their bytes, and
 * {@code byteorder}. A TorchScript program, such as OpenAI's CLIP, has {@code constants.pkl} and
 * code beside it, which are not looked at: its weights are in {@code data.pkl}. The sums of the
 * archive are not checked: PyTorch can be told not to write them.
 */
final class TorchArchive {
  private static final String PICKLE = "data.pkl";
  private static final String PROGRAM = "constants.pkl";
  private static final String BYTE_ORDER = "byteorder";
  private static final String STORAGES = "data/";

  private final Damage damage;
  private final ZipArchive archive;
  private final String folder;
  private final Arena arena;

  /** Storages that were inflated, by key; guarded by itself. */
  private final Map<String, MemorySegment> contents = new HashMap<>();

  private TorchArchive(Damage damage, ZipArchive archive, String folder, Arena arena) {
    this.damage = damage;
    this.archive = archive;
    this.folder = folder;
    this.arena = arena;
  }

  /**
   * Reads the pickle of an archive.
   *
   * @param damage words the faults of the file
   * @param memory the whole file
   * @param arena the owner of memory that inflation needs
   * @return what it holds
   * @throws ModelException if it is malformed or refused
   */
  static TorchContents read(Damage damage, MemorySegment memory, Arena arena) {
    ZipArchive zip = ZipArchive.of(damage, memory);
    List<String> pickles =
        zip.entries().keySet().stream()
            .filter(name -> name.substring(name.indexOf('/') + 1).equals(PICKLE))
            .toList();
    if (pickles.size() != 1) {
      throw damage.damaged("it has %d entries %s instead of 1", pickles.size(), PICKLE);
    }
    String pickle = pickles.getFirst();
    String folder = pickle.substring(0, pickle.length() - PICKLE.length());
    TorchArchive archive = new TorchArchive(damage, zip, folder, arena);
    archive.requireLittleEndian();
    MemorySegment bytes = zip.contents(zip.entries().get(pickle), arena);
    Unpickler unpickler =
        zip.entries().containsKey(folder + PROGRAM)
            ? Unpickler.ofProgram(bytes, damage)
            : new Unpickler(bytes, 0, damage);
    return new TorchContents(unpickler.load(), archive::storage);
  }

  private void requireLittleEndian() {
    ZipEntry order = archive.entries().get(folder + BYTE_ORDER);
    if (order != null) {
      MemorySegment bytes = archive.start(order, Long.BYTES, arena);
      String text = new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
      if (!text.equals("little")) {
        throw damage.refused(
            "has the byte order %s; vitj reads little: save it on a little-endian machine",
            ModelException.quote(text));
      }
    }
  }

  private MemorySegment storage(PickledStorage storage) {
    String key = ModelException.quote(storage.key());
    ZipEntry entry = archive.entries().get(folder + STORAGES + storage.key());
    if (entry == null) {
      throw damage.damaged("it has no storage %s", key);
    }
    if (!storage.fits(entry.bytes())) {
      throw damage.damaged(
          "the storage %s has %d bytes instead of %d elements of %s",
          key, entry.bytes(), storage.elements(), storage.type());
    }
    synchronized (contents) {
      return contents.computeIfAbsent(storage.key(), k -> archive.contents(entry, arena));
    }
  }
}
