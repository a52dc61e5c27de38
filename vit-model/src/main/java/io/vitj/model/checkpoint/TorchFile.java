package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.FileMemory;
import io.vitj.model.checkpoint.pickle.PickledStorage;
import io.vitj.model.checkpoint.pickle.PickledTensor;
import io.vitj.model.checkpoint.strided.StridedView;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file of {@code torch.save}: the zip format of PyTorch 1.6 and later, or the row of pickles
 * before. What it pickles is read as data alone: tensors and plain containers; anything else is
 * refused by its name, and nothing in the file can run. Of a TorchScript program the weights are
 * read, and its code is not.
 *
 * <p>The tensors are those of the state dict in it, which may lie under keys such as {@code model},
 * {@code state_dict} or {@code teacher}; wrappers' prefixes such as {@code module.} are taken off
 * the names, and of a model with a {@code backbone.} only that is there.
 *
 * <p>Memory: storages are views of the mapped file (deflated ones, which PyTorch does not write,
 * are inflated once, to at most 100 times the file). Pickles take heap of at most 100 times their
 * size. A tensor whose elements do not follow each other is copied when it is read, and takes at
 * most twice the size of the file then.
 */
public final class TorchFile implements CheckpointFile {
  private static final int PICKLE = 0x80;
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final int TAR_MAGIC_AT = 257;
  private static final String TAR_MAGIC = "ustar";

  /** PyTorch itself goes to 64. */
  private static final int MAX_RANK = 64;

  private final Path path;
  private final Arena arena;
  private final Damage damage;
  private final long fileBytes;
  private final Map<String, String> metadata;
  private final SortedMap<String, StoredTensor> tensors = new TreeMap<>();
  private final Map<String, StridedView> views = new HashMap<>();

  private TorchFile(Damage damage, Arena arena, long fileBytes, StateDict state) {
    this.path = damage.file();
    this.arena = arena;
    this.damage = damage;
    this.fileBytes = fileBytes;
    this.metadata = Map.of("state_dict", state.path(), "prefix", state.prefix());
  }

  /**
   * Opens a file and validates all of its tensors.
   *
   * @param path the file, on any file system
   * @return the open file
   * @throws ModelException if it cannot be read, is malformed, or asks for anything but tensors and
   *     plain containers
   */
  public static TorchFile open(Path path) {
    Damage damage = new Damage(path, "PyTorch file");
    Arena arena = Arena.ofShared();
    try {
      return read(damage, FileMemory.of(damage, arena), arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Reads a whole file out of memory that the arena owns. */
  static TorchFile read(Damage damage, MemorySegment memory, Arena arena) {
    TorchContents contents = contents(damage, memory, arena);
    StateDict state = StateDict.find(contents.root(), damage);
    TorchFile file = new TorchFile(damage, arena, memory.byteSize(), state);
    state.tensors().forEach((name, tensor) -> file.add(name, tensor, contents));
    return file;
  }

  private static TorchContents contents(Damage damage, MemorySegment memory, Arena arena) {
    if (startsWith(memory, 0, ZIP)) {
      return TorchArchive.read(damage, memory, arena);
    }
    if (startsWith(memory, TAR_MAGIC_AT, TAR_MAGIC.getBytes(StandardCharsets.US_ASCII))) {
      throw damage.refused(
          "is in the tar format of PyTorch 0.1; load it with torch.load and save its state_dict");
    }
    if (startsWith(memory, 0, (byte) PICKLE)) {
      return TorchStream.read(damage, memory);
    }
    throw damage.damaged("it begins neither as a zip archive nor as a pickle");
  }

  private static boolean startsWith(MemorySegment memory, long at, byte... magic) {
    return at + magic.length <= memory.byteSize()
        && MemorySegment.ofArray(magic).mismatch(memory.asSlice(at, magic.length)) < 0;
  }

  private void add(String name, PickledTensor tensor, TorchContents contents) {
    PickledStorage storage = tensor.storage();
    Shape shape = shape(name, tensor);
    long[] strides = tensor.stride();
    if (strides == null || strides.length != shape.rank()) {
      throw fault(name, "has strides that do not belong to its shape %s", shape);
    }
    MemorySegment memory = contents.storages().apply(storage);
    long size = storage.type().bits() / 8;
    long elements = memory.byteSize() / size;
    if (tensor.offset() < 0 || extent(name, shape, strides) > elements - tensor.offset()) {
      throw fault(name, "%s reaches outside its storage of %d elements", shape, elements);
    }
    tensors.put(name, new StoredTensor(name, storage.type(), shape));
    if (storage.type().readable()) {
      if (shape.elements() > Math.max(elements, fileBytes / size)) {
        throw fault(name, "repeats %d elements to %d: save a copy", elements, shape.elements());
      }
      views.put(
          name, StridedView.of(memory, tensor.offset() * size, storage.type(), shape, strides));
    }
  }

  private Shape shape(String name, PickledTensor tensor) {
    long[] size = tensor.size();
    if (size == null || size.length > MAX_RANK) {
      throw fault(name, "has a size that is none");
    }
    int[] dims = new int[size.length];
    for (int axis = 0; axis < dims.length; axis++) {
      if (size[axis] > Integer.MAX_VALUE) {
        throw fault(name, "has the extent %d; vitj goes up to %d", size[axis], Integer.MAX_VALUE);
      }
      dims[axis] = (int) size[axis];
    }
    try {
      return Shape.of(dims);
    } catch (ArithmeticException e) {
      throw fault(name, "has a size that overflows");
    }
  }

  private long extent(String name, Shape shape, long... strides) {
    try {
      return StridedView.extent(shape, strides);
    } catch (ArithmeticException e) {
      throw fault(name, "%s has strides that overflow", shape);
    }
  }

  private ModelException fault(String tensor, String message, Object... values) {
    return damage.damaged(
        "the tensor %s %s", ModelException.quote(tensor), String.format(message, values));
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public SortedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A file of PyTorch carries none of its own; {@code state_dict} and {@code prefix} say where
   * in it the tensors were found.
   */
  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public Tensor read(String name, Arena arena) {
    Weights.require(this, name);
    return views.get(name).read(arena);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
