package io.vitj.model.checkpoint.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/** Reads the pickles that tests write. */
final class Unpickling {
  private Unpickling() {}

  static Unpickler unpickler(byte[] bytes) {
    Damage damage = new Damage(Path.of("model.pth"), "PyTorch file");
    return new Unpickler(MemorySegment.ofArray(bytes).asReadOnly(), 0, damage);
  }

  static Object load(PickleBytes pickle) {
    byte[] bytes = pickle.op('.').bytes();
    Unpickler unpickler = unpickler(bytes);
    Object value = unpickler.load();
    assertThat(unpickler.position()).isEqualTo(bytes.length);
    return value;
  }

  static PickleBytes pickle() {
    return new PickleBytes().proto();
  }

  static Map<Object, Object> entries(PickleBytes pickle) {
    return ((PickledDict) load(pickle)).entries();
  }

  static void assertRefused(PickleBytes pickle, String message) {
    assertThatThrownBy(() -> load(pickle))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("model.pth: ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
