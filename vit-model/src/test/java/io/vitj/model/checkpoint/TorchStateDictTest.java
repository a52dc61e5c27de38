package io.vitj.model.checkpoint;

import static io.vitj.model.checkpoint.CheckpointAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.pickle.PickleBytes;
import io.vitj.model.checkpoint.zip.RawZip;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a PyTorch file holds its weights, and under which names. */
class TorchStateDictTest extends TorchFixture {
  static Stream<Arguments> nested() {
    return Stream.of(
        nested("", "", p -> entry(p, "a"), "a"),
        nested("model", "", p -> in(p, "model", "a"), "a"),
        nested("state_dict", "", p -> in(in(p, "model", "a"), "state_dict", "b"), "b"),
        nested("model_ema", "", p -> in(in(p, "model", "a"), "model_ema", "b"), "b"),
        nested("teacher", "", p -> in(in(p, "student", "a"), "teacher", "b"), "b"),
        nested("model", "", p -> in(entry(p, "rng_state"), "model", "b"), "b"),
        nested("", "", p -> entry(p.text("model").op("K\3"), "a"), "a"),
        nested("", "module.", p -> entry(entry(p, "module.a"), "module.b.c"), "a", "b.c"),
        nested("", "", p -> entry(entry(p, "module.a"), "b"), "b", "module.a"),
        nested("", "module.model.", p -> entry(p, "module.model.a"), "a"),
        nested("", "_orig_mod.", p -> entry(p, "_orig_mod.a"), "a"),
        nested("", "backbone.", p -> entry(entry(p, "backbone.a"), "head.w"), "a"),
        nested("", "module.backbone.", p -> entry(entry(p, "module.backbone.a"), "module.h"), "a"));
  }

  private static PickleBytes in(PickleBytes pickle, String key, String... names) {
    pickle.text(key).op("}(");
    for (String name : names) {
      entry(pickle, name);
    }
    return pickle.op('u');
  }

  private static Arguments nested(
      String path, String prefix, UnaryOperator<PickleBytes> entries, String... names) {
    PickleBytes pickle = entries.apply(pickle().op("}(").text("epoch").op("K\3")).op('u');
    return Arguments.of(path, prefix, List.of(names), pickle);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource
  void nested(String path, String prefix, List<String> names, PickleBytes pickle)
      throws IOException {
    try (CheckpointFile file = CheckpointFile.open(write(zip(pickle)))) {
      assertThat(file.tensors().keySet()).containsExactlyElementsOf(names);
      assertThat(file.metadata()).isEqualTo(Map.of("state_dict", path, "prefix", prefix));
    }
  }

  @Test
  void whatHoldsNoStateDictIsNamed() throws IOException {
    assertRefused(
        write(zip(pickle().op("}(").text("epoch").op("K\3K\1K\2u"))),
        "has no state dict: at the top it has the keys 'epoch', (no text);"
            + " save the state_dict of the model");
    assertRefused(
        write(zip(pickle().op("}(").text("model").op("}(").text("x").op("NuNNu"))),
        "has no state dict: at 'model' it has the keys 'x';");
    assertRefused(write(zip(pickle().op(']'))), "what it holds is no dictionary of tensors");
    PickleBytes circle = pickle().op("}q\0(").text("model").op("h\0u");
    assertRefused(write(zip(circle)), "'model.model.model.model' is no dictionary of tensors");
  }

  /** An object of a program, whose attributes follow. */
  private static PickleBytes module(PickleBytes pickle, String name) {
    return pickle.global("__torch__.package", name).op(")\u0081}(");
  }

  private static RawZip program(PickleBytes pickle) {
    byte[] code = "import os; os.system('x')".getBytes(StandardCharsets.UTF_8);
    return zip(pickle).stored("archive/constants.pkl", SIX).stored("archive/code/a.py", code);
  }

  @Test
  void ofAProgramTheWeightsAreRead() throws IOException {
    PickleBytes pickle = module(pickle(), "Model");
    entry(pickle, "w").text("training").op(0x88).text("visual");
    entry(module(pickle, "Visual"), "w").text("sizes");
    pickle.global("torch.jit._pickle", "build_intlist").op("(](").integer(3).op("etRub").op("ub");
    try (CheckpointFile file = CheckpointFile.open(write(program(pickle)));
        Arena arena = Arena.ofConfined()) {
      assertThat(file.tensors()).containsOnlyKeys("w", "visual.w");
      assertThat(file.read("visual.w", arena).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void programsWithoutEndAreRefused() throws IOException {
    assertRefused(
        write(zip(module(pickle(), "M").op("ub"))),
        "refused: the pickle asks for __torch__.package.M");
    assertRefused(write(program(module(pickle(), "M").op("ub"))), "program without weights");
    PickleBytes code = module(pickle(), "M").text("a").global("os", "system").op("ub");
    assertRefused(write(program(code)), "refused: the pickle asks for os.system");
    PickleBytes deep = module(pickle(), "M");
    for (int i = 0; i < 100; i++) {
      module(deep.text("m"), "M");
    }
    for (int i = 0; i < 101; i++) {
      deep.op("ub");
    }
    assertRefused(write(program(deep)), "nests modules more than 64 deep");
    PickleBytes longNames = entry(module(pickle(), "M"), "w".repeat(300)).op("ub");
    assertRefused(write(program(longNames)), "more than 256 characters");
    PickleBytes circle = pickle().global("__torch__", "M").op(")\u0081q\u0001}(");
    entry(circle, "w").text("self").op("h\u0001ub");
    try (CheckpointFile file = CheckpointFile.open(write(program(circle)))) {
      assertThat(file.tensors()).containsOnlyKeys("w");
    }
  }
}
