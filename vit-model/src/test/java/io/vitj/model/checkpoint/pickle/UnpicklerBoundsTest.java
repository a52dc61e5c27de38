package io.vitj.model.checkpoint.pickle;

import static io.vitj.model.checkpoint.pickle.Unpickling.assertRefused;
import static io.vitj.model.checkpoint.pickle.Unpickling.entries;
import static io.vitj.model.checkpoint.pickle.Unpickling.load;
import static io.vitj.model.checkpoint.pickle.Unpickling.pickle;
import static io.vitj.model.checkpoint.pickle.Unpickling.unpickler;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.vitj.model.ModelException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that are endless, circular, or made to take memory. */
class UnpicklerBoundsTest {
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
