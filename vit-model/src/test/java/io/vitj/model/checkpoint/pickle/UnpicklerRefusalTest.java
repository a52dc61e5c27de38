package io.vitj.model.checkpoint.pickle;

import static io.vitj.model.checkpoint.pickle.Unpickling.assertRefused;
import static io.vitj.model.checkpoint.pickle.Unpickling.load;
import static io.vitj.model.checkpoint.pickle.Unpickling.pickle;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles that ask for something else, and such as are malformed. */
class UnpicklerRefusalTest {
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
}
