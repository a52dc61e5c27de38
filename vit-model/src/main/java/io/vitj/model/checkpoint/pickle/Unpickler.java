package io.vitj.model.checkpoint.pickle;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.Fields;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pickle machine (Python's {@code pickletools}), reduced to what PyTorch's checkpoints need.
 * Numbers and text become {@link Long}, {@link java.math.BigInteger}, {@link Double}, {@link
 * Boolean}, {@link String}; None, tuples, lists, dictionaries, storages, tensors and the objects of
 * a TorchScript program become values of this package. No opcode and no name leads to code: what is
 * not in {@link Global} or {@link StorageClass} is refused by its name.
 *
 * <p>Memory: at most {@value #HEAP_BYTES_PER_BYTE} bytes of heap for each byte of the pickle, and
 * at most {@value #MAX_OPCODES} opcodes are executed. The values may refer to each other in circles
 * and share parts without limit, so nobody must walk through them without a bound.
 */
public final class Unpickler {
  /** What a byte of a pickle can cost at most while it is read; a test holds the machine to it. */
  public static final int HEAP_BYTES_PER_BYTE = 100;

  /** A training checkpoint with 1000 tensors and the state of its optimizer has some 100,000. */
  private static final int MAX_OPCODES = 1 << 21;

  private static final int MAX_PROTOCOL = 5;

  private final Damage damage;
  private final boolean program;
  private final PickleInput input;
  private final PickleStack stack;
  private final Int2ObjectOpenHashMap<Object> memo = new Int2ObjectOpenHashMap<>();
  private final Map<String, PickledStorage> storages = new HashMap<>();

  /**
   * Prepares to read one pickle.
   *
   * @param memory the memory that holds it
   * @param start its first byte
   * @param damage words the faults of the file
   */
  public Unpickler(MemorySegment memory, long start, Damage damage) {
    this(memory, start, damage, false);
  }

  private Unpickler(MemorySegment memory, long start, Damage damage, boolean program) {
    this.damage = damage;
    this.program = program;
    this.input = new PickleInput(new Fields(memory, damage), start);
    this.stack = new PickleStack(damage);
  }

  /**
   * Prepares to read the objects of a TorchScript program. Whatever their classes are, they become
   * {@link PickledModule}s.
   *
   * @param memory the memory that holds the pickle from its start
   * @param damage words the faults of the file
   * @return the machine
   */
  public static Unpickler ofProgram(MemorySegment memory, Damage damage) {
    return new Unpickler(memory, 0, damage, true);
  }

  /**
   * Returns where the pickle ends.
   *
   * @return the byte after the last that was read
   */
  public long position() {
    return input.position();
  }

  /**
   * Returns the storages that the pickle refers to, none of them as a view.
   *
   * @return the storages by key, unmodifiable
   */
  public Map<String, PickledStorage> storages() {
    return Collections.unmodifiableMap(storages);
  }

  /**
   * Reads the pickle.
   *
   * @return the value that it holds
   * @throws ModelException if it is malformed, or asks for anything but tensors and plain
   *     containers
   */
  public Object load() {
    for (int i = 0; i < MAX_OPCODES; i++) {
      long at = input.position();
      int code = input.u8();
      Opcode opcode = Opcode.of(code);
      if (opcode == null) {
        throw damage.damaged("its pickle has 0x%02x at byte %d, which is no opcode", code, at);
      }
      if (opcode == Opcode.STOP) {
        return stack.pop();
      }
      execute(opcode);
    }
    throw damage.refused("its pickle has more than %d opcodes", MAX_OPCODES);
  }

  private void execute(Opcode opcode) {
    switch (opcode) {
      case PROTO -> requireProtocol(input.u8());
      case FRAME -> input.size64();
      case MARK -> stack.mark();
      case BINGET -> stack.push(recall(input.u8()));
      case LONG_BINGET -> stack.push(recall(input.i32()));
      case BINPUT -> memo.put(input.u8(), stack.peek());
      case LONG_BINPUT -> memo.put(input.i32(), stack.peek());
      case MEMOIZE -> memo.put(memo.size(), stack.peek());
      case APPEND -> append(stack.pop(1));
      case APPENDS, ADDITEMS -> append(stack.popToMark());
      case SETITEM -> put(stack.pop(2));
      case SETITEMS -> put(stack.popToMark());
      case BUILD -> build();
      default -> stack.push(value(opcode));
    }
  }

  /** Makes the value that an opcode pushes. */
  private Object value(Opcode opcode) {
    return switch (opcode) {
      case NONE -> None.NONE;
      case NEWTRUE -> true;
      case NEWFALSE -> false;
      case BININT -> (long) input.i32();
      case BININT1 -> (long) input.u8();
      case BININT2 -> (long) input.u16();
      case LONG1 -> input.integer(input.u8());
      case BINFLOAT -> input.f64();
      case SHORT_BINUNICODE -> input.text(input.u8(), StandardCharsets.UTF_8);
      case BINUNICODE -> input.text(input.u32(), StandardCharsets.UTF_8);
      case BINUNICODE8 -> input.text(input.size64(), StandardCharsets.UTF_8);
      // The text of Python 2.
      case SHORT_BINSTRING -> input.text(input.u8(), StandardCharsets.ISO_8859_1);
      case BINSTRING -> input.text(input.u32(), StandardCharsets.ISO_8859_1);
      case SHORT_BINBYTES -> input.skip(input.u8());
      case BINBYTES -> input.skip(input.u32());
      case BINBYTES8 -> input.skip(input.size64());
      case EMPTY_LIST, EMPTY_SET -> new PickledList();
      case LIST, FROZENSET -> list(stack.popToMark());
      case EMPTY_DICT -> new PickledDict();
      case DICT -> dict(stack.popToMark());
      case EMPTY_TUPLE -> PickledTuple.EMPTY;
      case TUPLE -> tuple(stack.popToMark());
      case TUPLE1 -> tuple(stack.pop(1));
      case TUPLE2 -> tuple(stack.pop(2));
      case TUPLE3 -> tuple(stack.pop(3));
      case GLOBAL -> global(input.line(StandardCharsets.UTF_8), input.line(StandardCharsets.UTF_8));
      case STACK_GLOBAL -> stackGlobal(stack.pop(2));
      case REDUCE, NEWOBJ -> made(stack.pop(2));
      case BINPERSID -> storage(stack.pop());
      default -> throw refused("the opcode " + opcode);
    };
  }

  private ModelException refused(String what) {
    return damage.refused(
        "refused: the pickle asks for %s, which is not a tensor or a plain container;"
            + " save the state_dict of the model alone",
        what);
  }

  private void requireProtocol(int protocol) {
    if (protocol > MAX_PROTOCOL) {
      throw damage.refused(
          "its pickle has protocol %d; vitj reads up to %d", protocol, MAX_PROTOCOL);
    }
  }

  private Object recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw damage.damaged(
          "its pickle recalls value %s, which it never kept", Integer.toUnsignedString(index));
    }
    return value;
  }

  private static PickledTuple tuple(List<Object> items) {
    return new PickledTuple(items.toArray());
  }

  private static PickledList list(List<Object> items) {
    PickledList list = new PickledList();
    list.addAll(items);
    return list;
  }

  private PickledDict dict(List<Object> items) {
    PickledDict dict = new PickledDict();
    put(dict, items);
    return dict;
  }

  private void append(List<Object> items) {
    if (!(stack.peek() instanceof PickledList list)) {
      throw damage.damaged("its pickle appends to something that is no list");
    }
    list.addAll(items);
  }

  private void put(List<Object> items) {
    if (!(stack.peek() instanceof PickledDict dict)) {
      throw damage.damaged("its pickle sets an item of something that is no dictionary");
    }
    put(dict, items);
  }

  private void put(PickledDict dict, List<Object> items) {
    if (items.size() % 2 != 0) {
      throw damage.damaged("its pickle has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      dict.put(items.get(i), items.get(i + 1));
    }
  }

  /**
   * Attributes of dictionaries, such as the versions of modules in a state dict, say no weights.
   */
  private void build() {
    Object state = stack.pop();
    Object target = stack.peek();
    if (target instanceof PickledModule module) {
      if (state instanceof PickledDict attributes) {
        module.state(attributes);
      }
    } else if (!(target instanceof PickledDict || target instanceof Inert)) {
      throw damage.damaged("its pickle sets the state of something that has none");
    }
  }

  private Object stackGlobal(List<Object> names) {
    if (names.getFirst() instanceof String module && names.getLast() instanceof String name) {
      return global(module, name);
    }
    throw damage.damaged("its pickle asks for something whose name is no text");
  }

  private Object global(String module, String name) {
    String full = module + '.' + name;
    Object known = StorageClass.named(full);
    if (known == null) {
      known = program ? Global.ofProgram(full) : Global.named(full);
    }
    if (known == null) {
      throw refused(ModelException.oneLine(full));
    }
    return known;
  }

  private Object made(List<Object> call) {
    if (!(call.getFirst() instanceof Global global)
        || !(call.getLast() instanceof PickledTuple arguments)) {
      throw damage.damaged("its pickle calls something that cannot be called");
    }
    Object first = arguments.get(0);
    switch (global) {
      case DICT -> {
        return dictOf(first);
      }
      case SET -> {
        return first instanceof PickledList list ? list : new PickledList();
      }
      case SIZE -> {
        if (first instanceof PickledTuple) {
          return first;
        }
      }
      case TENSOR -> {
        if (first instanceof PickledStorage storage) {
          return new PickledTensor(storage, arguments);
        }
      }
      case PARAMETER -> {
        if (first instanceof PickledTensor) {
          return first;
        }
      }
      case MODULE -> {
        return new PickledModule();
      }
      case INERT -> {
        return new Inert();
      }
    }
    throw damage.damaged("its pickle makes a %s of something else", global);
  }

  /**
   * A dictionary of nothing, of another dictionary, or of the list of pairs that Python 2 wrote.
   */
  private PickledDict dictOf(Object source) {
    return switch (source) {
      case None none -> new PickledDict();
      case PickledDict dict -> dict;
      case PickledList pairs -> new PickledDict(pairs);
      default -> throw damage.damaged("its pickle makes a dictionary of something else than pairs");
    };
  }

  /** A storage, from ("storage", class, key, device, elements) and in files of old a view of it. */
  private PickledStorage storage(Object id) {
    if (!(id instanceof PickledTuple tuple
        && "storage".equals(tuple.get(0))
        && tuple.get(1) instanceof StorageClass storageClass
        && tuple.get(2) instanceof String key
        && tuple.get(4) instanceof Long elements)) {
      throw damage.damaged("its pickle refers to something outside it that is no storage");
    }
    PickledStorage whole = new PickledStorage(storageClass.type(), key, elements, None.NONE);
    PickledStorage known = storages.putIfAbsent(key, whole);
    if (known != null && !known.equals(whole)) {
      throw damage.damaged(
          "its pickle has the storage %s once as %d elements of %s, and once as %d of %s",
          ModelException.quote(key), known.elements(), known.type(), elements, whole.type());
    }
    return tuple.get(5) == None.NONE
        ? storages.get(key)
        : new PickledStorage(whole.type(), key, elements, tuple.get(5));
  }
}
