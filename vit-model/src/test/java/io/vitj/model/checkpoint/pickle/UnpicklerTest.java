package io.vitj.model.checkpoint.pickle;

import static io.vitj.model.checkpoint.pickle.Unpickling.assertRefused;
import static io.vitj.model.checkpoint.pickle.Unpickling.entries;
import static io.vitj.model.checkpoint.pickle.Unpickling.load;
import static io.vitj.model.checkpoint.pickle.Unpickling.pickle;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.StorageType;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What pickles hold. */
class UnpicklerTest {
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
}
