package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.Fields;
import io.vitj.model.checkpoint.pickle.PickledDict;
import io.vitj.model.checkpoint.pickle.PickledList;
import io.vitj.model.checkpoint.pickle.PickledStorage;
import io.vitj.model.checkpoint.pickle.PickledTuple;
import io.vitj.model.checkpoint.pickle.Unpickler;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * PyTorch's format before 1.6 (torch/serialization.py): a row of pickles (a magic number, a
 * version, the properties of the machine, the value, the keys of its storages), and then for each
 * key the number of elements as a 64-bit integer and the elements.
 */
final class TorchStream {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  private final Damage damage;
  private final MemorySegment memory;
  private long position;

  /** The elements of each storage by its key. */
  private final Map<String, MemorySegment> contents = new HashMap<>();

  private TorchStream(Damage damage, MemorySegment memory) {
    this.damage = damage;
    this.memory = memory;
  }

  /**
   * Reads the pickles of a file and finds its storages.
   *
   * @param damage words the faults of the file
   * @param memory the whole file
   * @return what it holds
   * @throws ModelException if it is malformed or refused
   */
  static TorchContents read(Damage damage, MemorySegment memory) {
    TorchStream stream = new TorchStream(damage, memory);
    if (!MAGIC.equals(stream.next())) {
      throw damage.refused("is a pickle that torch.save did not write; vitj reads state dicts");
    }
    Object version = stream.next();
    if (!Long.valueOf(VERSION).equals(version)) {
      throw damage.refused(
          "is of version %s of PyTorch's legacy format; vitj reads %d", number(version), VERSION);
    }
    if (!(stream.next() instanceof PickledDict machine)
        || !Boolean.TRUE.equals(machine.entries().get("little_endian"))) {
      throw damage.refused("was saved on a big-endian machine; save it on a little-endian one");
    }
    Unpickler unpickler = new Unpickler(memory, stream.position, damage);
    Object root = unpickler.load();
    stream.position = unpickler.position();
    stream.locate(unpickler.storages());
    return new TorchContents(root, stream::storage);
  }

  private static String number(Object version) {
    return version instanceof Long number ? number.toString() : "no number";
  }

  private Object next() {
    Unpickler unpickler = new Unpickler(memory, position, damage);
    Object value = unpickler.load();
    position = unpickler.position();
    return value;
  }

  private void locate(Map<String, PickledStorage> storages) {
    if (!(next() instanceof PickledList keys)) {
      throw damage.damaged("no list of storages follows its pickle");
    }
    Fields fields = new Fields(memory, damage);
    for (Object key : keys.items()) {
      PickledStorage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null) {
        throw damage.damaged("it lists a storage that its pickle does not refer to");
      }
      long elements = fields.size64(position);
      position += Long.BYTES;
      long size = storage.type().bits() / 8;
      if (elements != storage.elements() || elements > (fields.size() - position) / size) {
        throw damage.damaged(
            "the storage %s has %d elements of %s in its pickle and %d at byte %d of %d",
            ModelException.quote(storage.key()),
            storage.elements(),
            storage.type(),
            elements,
            position,
            fields.size());
      }
      contents.put(storage.key(), memory.asSlice(position, elements * size));
      position += elements * size;
    }
  }

  private MemorySegment storage(PickledStorage storage) {
    MemorySegment whole = contents.get(storage.key());
    String key = ModelException.quote(storage.key());
    if (whole == null) {
      throw damage.damaged("it has no storage %s", key);
    }
    if (!(storage.view() instanceof PickledTuple view)) {
      return whole;
    }
    // (key of the view, first element, number of elements)
    long size = storage.type().bits() / 8;
    if (view.get(1) instanceof Long first
        && view.get(2) instanceof Long length
        && first >= 0
        && length >= 0
        && first <= storage.elements()
        && length <= storage.elements() - first) {
      return whole.asSlice(first * size, length * size);
    }
    throw damage.damaged("a view of the storage %s reaches outside it", key);
  }
}
