package io.vitj.model.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.StorageType;
import io.vitj.model.checkpoint.bytes.Damage;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpicklerTest {
  private static Unpickler unpickler(byte[] bytes) {
    Damage damage = new Damage(Path.of("model.pth"), "PyTorch file");
    return new Unpickler(MemorySegment.ofArray(bytes).asReadOnly(), 0, damage);
  }

  private static Object load(PickleBytes pickle) {
    byte[] bytes = pickle.op('.').bytes();
    Unpickler unpickler = unpickler(bytes);
    Object value = unpickler.load();
    assertThat(unpickler.position()).isEqualTo(bytes.length);
    return value;
  }

  private static PickleBytes pickle() {
    return new PickleBytes().proto();
  }

  @Test
  void scalars() {
    assertThat(load(pickle().op('N'))).isEqualTo(None.NONE);
    assertThat(load(pickle().op(0x88))).isEqualTo(true);
    assertThat(load(pickle().op(0x89))).isEqualTo(false);
    assertThat(load(pickle().op('K', 200))).isEqualTo(200L);
    assertThat(load(pickle().op('M', 0x34, 0x92))).isEqualTo(0x9234L);
    assertThat(load(pickle().op('J').i32(-5))).isEqualTo(-5L);
    assertThat(load(pickle().op('G').op(0x3f, 0xf8, 0, 0, 0, 0, 0, 0))).isEqualTo(1.5);
    assertThat(load(pickle().text("ü"))).isEqualTo("ü");
    assertThat(load(pickle().op(0x8c, 2).op("ab"))).isEqualTo("ab");
    assertThat(load(pickle().op(0x8d).i64(2).op("ab"))).isEqualTo("ab");
    assertThat(load(pickle().op('U', 1, 0xfc))).isEqualTo("ü");
    assertThat(load(pickle().op('T').i32(1).op(0xfc))).isEqualTo("ü");
    assertThat(load(pickle().op('C', 2).op("ab"))).isInstanceOf(Inert.class);
    assertThat(load(pickle().op('B').i32(2).op("ab"))).isInstanceOf(Inert.class);
    assertThat(load(pickle().op(0x8e).i64(2).op("ab"))).isInstanceOf(Inert.class);
    assertThat(load(pickle().text("x".repeat(4097)))).isInstanceOf(Inert.class);
    assertThat(load(pickle().op(0x95).i64(1).op('N'))).isEqualTo(None.NONE);
  }

  @Test
  void integersOfAnyLength() {
    for (String value : List.of("0", "-1", "127", "128", "-128", "-129", "9223372036854775807")) {
      byte[] little = reversed(new BigInteger(value).toByteArray());
      assertThat(load(pickle().op(0x8a, little.length).raw(little)))
          .isEqualTo(Long.parseLong(value));
    }
    assertThat(load(pickle().op(0x8a, 0))).isEqualTo(0L);
    BigInteger large = BigInteger.ONE.shiftLeft(80).negate();
    byte[] little = reversed(large.toByteArray());
    assertThat(load(pickle().op(0x8a, little.length).raw(little))).isEqualTo(large);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  @Test
  void containers() {
    assertThat(items(pickle().op(']'))).isEmpty();
    assertThat(items(pickle().op("](K\1K\2e").op("K\3a"))).containsExactly(1L, 2L, 3L);
    assertThat(items(pickle().op("(K\1K\2l"))).containsExactly(1L, 2L);
    assertThat(items(pickle().op(0x8f).op("(K\1").op(0x90))).containsExactly(1L);
    assertThat(items(pickle().op("(K\1").op(0x91))).containsExactly(1L);
    assertThat(entries(pickle().op('}'))).isEmpty();
    assertThat(entries(pickle().op("}(K\1K\2u").text("a").op("K\3s")))
        .isEqualTo(Map.of(1L, 2L, "a", 3L));
    assertThat(entries(pickle().op("(K\1K\2d"))).isEqualTo(Map.of(1L, 2L));
    assertThat(((PickledTuple) load(pickle().op(')'))).size()).isZero();
    PickledTuple three = (PickledTuple) load(pickle().op("K\1K\2K\3").op(0x87));
    assertThat(three.sizes()).containsExactly(1, 2, 3);
    assertThat(three.get(3)).isEqualTo(None.NONE);
    assertThat(((PickledTuple) load(pickle().op("K\1K\2").op(0x86))).sizes()).containsExactly(1, 2);
    assertThat(((PickledTuple) load(pickle().op("K\1").op(0x85))).sizes()).containsExactly(1);
    assertThat(((PickledTuple) load(pickle().tuple(4, -1))).sizes()).isNull();
    assertThat(((PickledTuple) load(pickle().op("(Nt"))).sizes()).isNull();
  }

  private static List<Object> items(PickleBytes pickle) {
    return ((PickledList) load(pickle)).items();
  }

  private static Map<Object, Object> entries(PickleBytes pickle) {
    return ((PickledDict) load(pickle)).entries();
  }

  @Test
  void theMemoryOfAPickle() {
    assertThat(items(pickle().op("](K\7q\0h\0e"))).containsExactly(7L, 7L);
    assertThat(items(pickle().op("](K\7r").i32(-1).op('j').i32(-1).op('e')))
        .containsExactly(7L, 7L);
    assertThat(items(pickle().op("](K\5").op(0x94).op("K\6").op(0x94).op("h\0h\1e")))
        .containsExactly(5L, 6L, 5L, 6L);
  }

  @Test
  void plainClasses() {
    assertThat(entries(pickle().global("collections", "OrderedDict").op(")RK\1K\2s")))
        .isEqualTo(Map.of(1L, 2L));
    assertThat(entries(pickle().global("collections", "Counter").op("}K\1K\2s").op(0x85).op('R')))
        .isEqualTo(Map.of(1L, 2L));
    // OrderedDict([['a', 1]]) in the way of Python 2, and another entry behind it
    assertThat(
            entries(
                pickle()
                    .global("collections", "OrderedDict")
                    .op("]](U\1aK\1ea")
                    .op(0x85)
                    .op("RU\1bK\2s")))
        .isEqualTo(Map.of("a", 1L, "b", 2L));
    assertThat(items(pickle().global("__builtin__", "set").op("](K\1e").op(0x85).op('R')))
        .containsExactly(1L);
    assertThat(items(pickle().global("builtins", "frozenset").op(")R"))).isEmpty();
    PickledTuple size =
        (PickledTuple) load(pickle().global("torch", "Size").op("K\1K\2").op(0x86, 0x85).op('R'));
    assertThat(size.sizes()).containsExactly(1, 2);
    assertThat(load(pickle().global("argparse", "Namespace").op(')', 0x81).op("}U\1aK\1sb")))
        .isInstanceOf(Inert.class);
    assertThat(load(pickle().op(0x8c, 5).op("torch").op(0x8c, 6).op("device").op(0x93).op(")R")))
        .isInstanceOf(Inert.class);
  }

  @Test
  void tensors() {
    PickleBytes pickle = pickle().rebuild().storage("HalfStorage", "7", 40);
    PickledTensor tensor =
        (PickledTensor) load(pickle.view(5, new long[] {2, 3}, new long[] {1, 2}));
    assertThat(tensor.storage()).isEqualTo(new PickledStorage(StorageType.F16, "7", 40, None.NONE));
    assertThat(tensor.offset()).isEqualTo(5);
    assertThat(tensor.size()).containsExactly(2, 3);
    assertThat(tensor.stride()).containsExactly(1, 2);
    PickleBytes parameter = pickle().global("torch._utils", "_rebuild_parameter").op('(').rebuild();
    parameter.storage("DoubleStorage", "7", 1).view(0, new long[0], new long[0]).op(0x88).op("NtR");
    assertThat(load(parameter)).isInstanceOf(PickledTensor.class);
    // None of the numbers is believed: whoever uses them sees that they are none.
    PickleBytes odd = pickle().rebuild().storage("LongStorage", "7", -1).op("NNNtR");
    PickledTensor none = (PickledTensor) load(odd);
    assertThat(none.offset()).isEqualTo(-1);
    assertThat(none.size()).isNull();
    assertThat(none.stride()).isNull();
    assertThat(none.storage().fits(0)).isFalse();
    assertThat(none.storage().fits(-8)).isTrue();
  }

  @Test
  void aStorageIsTheSameWhereverItIsNamed() {
    PickleBytes pickle = pickle().op('(').storage("FloatStorage", "0", 4);
    PickledTuple both = (PickledTuple) load(pickle.storage("FloatStorage", "0", 4).op('t'));
    assertThat(both.get(0)).isSameAs(both.get(1));
    PickleBytes other = pickle().op('(').storage("FloatStorage", "0", 4);
    assertRefused(
        other.storage("HalfStorage", "0", 8),
        "the storage '0' once as 4 elements of F32, and once as 8 of F16");
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of("os", "system"),
        Arguments.of("posix", "system"),
        Arguments.of("nt", "system"),
        Arguments.of("subprocess", "Popen"),
        Arguments.of("builtins", "eval"),
        Arguments.of("__builtin__", "exec"),
        Arguments.of("builtins", "getattr"),
        Arguments.of("torch", "load"),
        Arguments.of("torch.storage", "_load_from_bytes"),
        Arguments.of("torch._utils", "_rebuild_tensor_v3"),
        Arguments.of("torch._utils", "__import__('os').system"),
        Arguments.of("torch", "FloatStorage.__init__"),
        Arguments.of("collections", "OrderedDict.__class__"),
        Arguments.of("numpy", "ndarray"),
        Arguments.of("", ""));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whatIsNoTensorIsRefusedByName(String module, String name) {
    String message =
        "model.pth: refused: the pickle asks for "
            + module
            + '.'
            + name
            + ", which is not a tensor or a plain container; save the state_dict of the model"
            + " alone";
    PickleBytes call = pickle().global(module, name).text("touch owned").op(0x85).op('R');
    assertThatThrownBy(() -> load(call)).isInstanceOf(ModelException.class).hasMessage(message);
    PickleBytes stacked = pickle().text(module).text(name).op(0x93).text("x").op(0x85).op('R');
    assertThatThrownBy(() -> load(stacked)).isInstanceOf(ModelException.class).hasMessage(message);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {
        "POP",
        "POP_MARK",
        "DUP",
        "FLOAT",
        "INT",
        "LONG",
        "PERSID",
        "STRING",
        "UNICODE",
        "GET",
        "INST",
        "OBJ",
        "PUT",
        "EXT1",
        "EXT2",
        "EXT4",
        "LONG4",
        "NEWOBJ_EX",
        "BYTEARRAY8",
        "NEXT_BUFFER",
        "READONLY_BUFFER"
      })
  void otherOpcodesAreRefusedByName(Opcode opcode) {
    for (int code = 0; code < 256; code++) {
      if (Opcode.of(code) == opcode) {
        assertRefused(pickle().op(code), "refused: the pickle asks for the opcode " + opcode + ",");
      }
    }
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        bad("0x80 0xff", p -> p.op(0x80, 6), "its pickle has protocol 6; vitj reads up to 5"),
        bad("no opcode", p -> p.op(0xff), "has 0xff at byte 2, which is no opcode"),
        bad("empty", p -> p, "takes a value from an empty stack"),
        bad("below a mark", p -> p.op("N("), "takes a value from an empty stack"),
        bad("tuple of too few", p -> p.op('N').op(0x86), "takes a value from an empty stack"),
        bad("across a mark", p -> p.op("N(N").op(0x86), "takes a value from an empty stack"),
        bad("no mark", p -> p.op("Nt"), "looks for a mark that it never set"),
        bad("memo", p -> p.op("h\5"), "recalls value 5, which it never kept"),
        bad("long memo", p -> p.op('j').i32(-1), "recalls value 4294967295"),
        bad("keeps nothing", p -> p.op("q\5"), "takes a value from an empty stack"),
        bad("append", p -> p.op("NNa"), "appends to something that is no list"),
        bad("appends", p -> p.op("}(Ne"), "appends to something that is no list"),
        bad("item", p -> p.op("]NNs"), "sets an item of something that is no dictionary"),
        bad("odd items", p -> p.op("}(Nu"), "has a key without a value"),
        bad("odd dict", p -> p.op("(Nd"), "has a key without a value"),
        bad("state of a list", p -> p.op("]}b"), "sets the state of something that has none"),
        bad("call of a text", p -> p.text("os").op(")R"), "calls something that cannot be called"),
        bad(
            "call with a list",
            p -> p.global("collections", "OrderedDict").op("]R"),
            "calls something that cannot be called"),
        bad("name of none", p -> p.op("NN").op(0x93), "whose name is no text"),
        bad("name without end", p -> p.op("c").op("x".repeat(5000)), "has a name without end"),
        bad("persistent text", p -> p.text("storage").op('Q'), "outside it that is no storage"),
        bad(
            "module",
            p -> p.op('(').text("module").op("tQ"),
            "refers to something outside it that is no storage"),
        bad("tensor of none", p -> p.rebuild().op("NtR"), "makes a TENSOR of something else"),
        bad(
            "parameter of none",
            p -> p.global("torch._utils", "_rebuild_parameter").op("(NtR"),
            "makes a PARAMETER of something else"),
        bad("size", p -> p.global("torch", "Size").op(")R"), "makes a SIZE of something else"),
        bad(
            "dictionary of a number",
            p -> p.global("collections", "OrderedDict").op("K\1").op(0x85).op('R'),
            "makes a dictionary of something else than pairs"),
        bad("long text", p -> p.op('X').i32(-1), "a field of 4294967295 bytes at byte 7"),
        bad("huge text", p -> p.op(0x8d).i64(-1), "the size at byte 3 is 18446744073709551615"),
        bad(
            "huge bytes",
            p -> p.op(0x8e).i64(Long.MAX_VALUE),
            "a field of 9223372036854775807 bytes"));
  }

  private static Arguments bad(
      String what, Function<PickleBytes, PickleBytes> write, String message) {
    return Arguments.of(what, write.apply(pickle()), message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void malformed(String what, PickleBytes pickle, String message) {
    assertRefused(pickle, message);
  }

  private static void assertRefused(PickleBytes pickle, String message) {
    assertThatThrownBy(() -> load(pickle))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("model.pth: ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void structuresThatContainThemselvesAreHarmless() {
    PickleBytes circle = pickle().op("]q\0h\0a");
    PickledList list = (PickledList) load(circle);
    assertThat(list.items().getFirst()).isSameAs(list);
    assertThat(list.hashCode()).isEqualTo(list.hashCode());
    assertThat(((PickledTuple) load(billionLaughs())).size()).isEqualTo(2);
    PickleBytes deep = pickle().op("]".repeat(100_000)).op("a".repeat(99_999));
    assertThat(((PickledList) load(deep)).items()).hasSize(1);
    // A key that would take forever to hash if it were hashed by its contents.
    assertThat(entries(billionLaughs().op("q\1}h\1h\1s"))).hasSize(1);
  }

  /** Twice the one before, 10,000 times: 2^10000 leaves for whoever walks through them. */
  private static PickleBytes billionLaughs() {
    PickleBytes laughs = pickle().op(')');
    for (int i = 0; i < 10_000; i++) {
      laughs.op("q\0h\0").op(0x86);
    }
    return laughs;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "]",
        "}",
        ")",
        "(",
        "N",
        "\u0094",
        "K\1",
        "X\0\0\0\0",
        "X\1\0\0\0a",
        "\u008c\0",
        "\u008c\1a",
        "](",
        "]q\0",
        "}(NNu",
        "}NNs",
        "]Na",
        "N\u0085",
        "](NNe",
        "(l",
        "(d",
        "(NNt",
        "\u008a\1\1",
        "G\1\2\3\4\5\6\7\0",
        "\u008f",
        "h\0\u0085",
        "h\0h\1R",
        "h\2h\1R",
        "h\4h\3R",
        "h\5Q"
      })
  void memoryIsInProportionToThePickle(String repeated) {
    PickleBytes pickle = pickle().global("collections", "OrderedDict").op("q\0)q\1");
    pickle.global("argparse", "Namespace").op("q\2(");
    pickle.storage("FloatStorage", "0", 1);
    for (int i = 0; i < 1000; i++) {
      pickle.op("K\7");
    }
    pickle.op("tq\3").global("torch._utils", "_rebuild_tensor_v2").op("q\4");
    pickle.op('(').text("storage").global("torch", "FloatStorage").text("0").op("NK\1tq\5");
    byte[] bytes = pickle.op(repeated.repeat(1_000_000 / repeated.length())).op('.').bytes();
    Unpickler unpickler = unpickler(bytes);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      assertThat(unpickler.load()).isNotNull();
    } catch (ModelException e) {
      assertThat(e).hasMessageContaining("takes a value from an empty stack");
    }
    long perByte = (threads.getCurrentThreadAllocatedBytes() - before) / bytes.length;
    assertThat(perByte).isLessThanOrEqualTo(Unpickler.HEAP_BYTES_PER_BYTE);
  }

  @Test
  void endlessPicklesAreRefused() {
    assertRefused(pickle().op("N".repeat(1 << 21)), "its pickle has more than 2097152 opcodes");
  }

  @Test
  void aPickleCutAnywhereIsRefusedAndAChangedOneIsReadOrRefused() {
    PickleBytes pickle = pickle().op("}(").text("weight").rebuild();
    pickle.storage("FloatStorage", "0", 6).view(0, new long[] {2, 3}, new long[] {3, 1});
    byte[] sound = pickle.text("epoch").op("K\3u.").bytes();
    assertThat(unpickler(sound).load()).isInstanceOf(PickledDict.class);
    for (int size = 0; size < sound.length; size++) {
      byte[] cut = Arrays.copyOf(sound, size);
      assertThatThrownBy(() -> unpickler(cut).load()).isInstanceOf(ModelException.class);
    }
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = sound.clone();
      for (int n = random.nextInt(1, 5); n > 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(unpickler(changed).load()).isNotNull();
      } catch (ModelException e) {
        assertThat(e.getMessage()).startsWith("model.pth: ").doesNotContain("\n");
      }
    }
  }
}
