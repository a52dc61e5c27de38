package io.vitj.bench.peer;

import io.vitj.model.Parameter;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a model as a TorchScript archive, which is what users of DJL make with {@code
 * torch.jit.trace} in Python. It is a zip of plain entries: a class in the source language of
 * TorchScript, its instance with the weights as a pickle, and the bytes of each weight (PyTorch's
 * {@code torch/csrc/jit/docs/serialization.md}).
 */
final class TorchScript {
  /** The version of the archive from PyTorch 1.13 on, whose operators need no upgrade. */
  private static final int VERSION = 10;

  private static final String ROOT = "vit/";

  private final ViTWeights weights;
  private final ZipOutputStream zip;

  private TorchScript(ViTWeights weights, ZipOutputStream zip) {
    this.weights = weights;
    this.zip = zip;
    zip.setMethod(ZipOutputStream.STORED);
  }

  /**
   * Writes a model.
   *
   * @param file the file to make
   * @param weights weights of a plain Vision Transformer: class token, classifier, no options
   */
  static void write(Path file, ViTWeights weights) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      new TorchScript(weights, zip).write();
    }
  }

  private void write() throws IOException {
    ViTConfig config = weights.config();
    List<Parameter> parameters = config.parameters();
    entry("data.pkl", instance(parameters));
    entry("code/__torch__.py", text(new TorchScriptCode(config).text()));
    entry("constants.pkl", ByteBuffer.wrap(new Pickle().emptyTuple().bytes()));
    entry("version", text(VERSION + "\n"));
    entry("byteorder", text("little"));
    for (int i = 0; i < parameters.size(); i++) {
      try (Arena arena = Arena.ofConfined()) {
        Tensor values = weights.copy(parameters.get(i).name(), arena);
        long bytes = values.shape().elements() * Float.BYTES;
        entry("data/" + i, values.segment().asSlice(values.byteOffset(), bytes).asByteBuffer());
      }
    }
  }

  private static ByteBuffer text(String text) {
    return StandardCharsets.UTF_8.encode(text);
  }

  private void entry(String name, ByteBuffer bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setSize(bytes.remaining());
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    Channels.newChannel(zip).write(bytes);
    zip.closeEntry();
  }

  private static ByteBuffer instance(List<Parameter> parameters) {
    Pickle pickle = new Pickle().newObject("__torch__ " + TorchScriptCode.CLASS);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      pickle.string(TorchScriptCode.attribute(parameter.name()));
      pickle.tensor(i, parameter.shape().dims());
    }
    return ByteBuffer.wrap(pickle.string("training").no().endOfObject().bytes());
  }

  /** The few instructions of Python's pickle, protocol 2, that an instance takes. */
  private static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle() {
      instructions("\u0080\u0002"); // PROTO 2
    }

    private Pickle instructions(String text) {
      out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    private Pickle number(char instruction, int value) {
      out.write(instruction);
      out.writeBytes(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    private Pickle global(String name) {
      return instructions("c" + name.replace(' ', '\n') + '\n');
    }

    Pickle string(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number('X', bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    Pickle no() {
      return instructions("\u0089"); // NEWFALSE
    }

    Pickle emptyTuple() {
      return instructions(")");
    }

    private Pickle tuple(int... values) {
      instructions("("); // MARK
      for (int value : values) {
        number('J', value);
      }
      return instructions("t");
    }

    /** Begins an object of a class, whose attributes follow. */
    Pickle newObject(String name) {
      return global(name).emptyTuple().instructions("\u0081}("); // NEWOBJ, EMPTY_DICT, MARK
    }

    Pickle endOfObject() {
      return instructions("ub"); // SETITEMS, BUILD
    }

    /** A tensor of all floats of an entry, row by row. */
    Pickle tensor(int entry, int... dims) {
      int[] strides = new int[dims.length];
      int count = 1;
      for (int i = dims.length - 1; i >= 0; i--) {
        strides[i] = count;
        count *= dims[i];
      }
      global("torch._utils _rebuild_tensor_v2").instructions("((");
      string("storage").global("torch FloatStorage").string(String.valueOf(entry)).string("cpu");
      number('J', count).instructions("tQ"); // TUPLE, BINPERSID
      number('J', 0).tuple(dims).tuple(strides).no(); // offset, shape, strides, requires_grad
      return global("collections OrderedDict").emptyTuple().instructions("RtR");
    }

    byte[] bytes() {
      instructions("."); // STOP
      return out.toByteArray();
    }
  }
}
