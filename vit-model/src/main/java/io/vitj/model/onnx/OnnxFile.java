package io.vitj.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.vitj.model.checkpoint.OutputFile;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a model file. A message of protobuf cannot exceed 2 GB, and the classes made for the
 * format hold all of it on the heap; so the constants are written one at a time, field by field,
 * behind the rest of the graph, and those of a larger model go to a second file beside it (ONNX
 * external data).
 */
final class OnnxFile {
  /** External data is mapped into memory, so each tensor starts on a page. */
  private static final long PAGE = 4096;

  /** Smaller constants stay in the model: readers want shapes there. */
  private static final long MIN_EXTERNAL = 1024;

  private final Path file;
  private final long maxBytes;

  /**
   * Names a file.
   *
   * @param file the file to make or to replace
   * @param maxBytes the size beyond which the constants go to a second file
   */
  OnnxFile(Path file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  /**
   * A constant as it is written.
   *
   * @param constant the constant
   * @param head its description; its bytes follow, unless it says that they are elsewhere
   * @param at where they are in the second file; −1 in this one
   */
  private record Entry(Constant constant, TensorProto head, long at) {
    boolean inside() {
      return at < 0;
    }

    /** Bytes of the message: the description, and the field of the values. */
    long bytes() {
      return inside()
          ? head.getSerializedSize()
              + fieldBytes(TensorProto.RAW_DATA_FIELD_NUMBER, constant.bytes())
          : head.getSerializedSize();
    }
  }

  /**
   * Writes.
   *
   * @param model everything but the graph
   * @param graph the graph without its constants
   * @param constants its constants
   */
  void write(ModelProto model, GraphProto graph, Iterable<Constant> constants) {
    List<Entry> entries = new ArrayList<>();
    constants.forEach(constant -> entries.add(new Entry(constant, head(constant).build(), -1)));
    if (size(model, graph, entries) <= maxBytes) {
      writeModel(model, graph, entries);
      return;
    }
    Path data = file.resolveSibling(file.getFileName() + ".data");
    List<Entry> outside = outside(entries, data.getFileName().toString());
    writeData(data, outside);
    writeModel(model, graph, outside);
  }

  private static TensorProto.Builder head(Constant constant) {
    TensorProto.Builder head =
        TensorProto.newBuilder().setName(constant.name()).setDataType(constant.type().getNumber());
    for (int dim : constant.shape().dims()) {
      head.addDims(dim);
    }
    return head;
  }

  private static List<Entry> outside(List<Entry> entries, String data) {
    List<Entry> outside = new ArrayList<>();
    long end = 0;
    for (Entry entry : entries) {
      Constant constant = entry.constant();
      if (constant.bytes() < MIN_EXTERNAL) {
        outside.add(entry);
        continue;
      }
      long at = Math.ceilDiv(end, PAGE) * PAGE;
      end = at + constant.bytes();
      TensorProto head =
          head(constant)
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addExternalData(entry("location", data))
              .addExternalData(entry("offset", String.valueOf(at)))
              .addExternalData(entry("length", String.valueOf(constant.bytes())))
              .build();
      outside.add(new Entry(constant, head, at));
    }
    return outside;
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static long size(ModelProto model, GraphProto graph, List<Entry> entries) {
    long bytes = graphBytes(graph, entries);
    return model.getSerializedSize() + fieldBytes(ModelProto.GRAPH_FIELD_NUMBER, bytes);
  }

  private static long graphBytes(GraphProto graph, List<Entry> entries) {
    long bytes = graph.getSerializedSize();
    for (Entry entry : entries) {
      bytes += fieldBytes(GraphProto.INITIALIZER_FIELD_NUMBER, entry.bytes());
    }
    return bytes;
  }

  /** Bytes of a field of so many bytes, with its tag and length. */
  private static long fieldBytes(int field, long bytes) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt64SizeNoTag(bytes)
        + bytes;
  }

  private void writeData(Path data, List<Entry> entries) {
    try (OutputFile output = new OutputFile(data)) {
      for (Entry entry : entries) {
        if (!entry.inside()) {
          output.seek(entry.at());
          writeValues(output, entry.constant());
        }
      }
      output.commit();
    }
  }

  private void writeModel(ModelProto model, GraphProto graph, List<Entry> entries) {
    try (OutputFile output = new OutputFile(file)) {
      try {
        OutputStream stream = Channels.newOutputStream(output.channel());
        CodedOutputStream coded = CodedOutputStream.newInstance(stream);
        model.writeTo(coded);
        begin(coded, ModelProto.GRAPH_FIELD_NUMBER, graphBytes(graph, entries));
        graph.writeTo(coded);
        for (Entry entry : entries) {
          begin(coded, GraphProto.INITIALIZER_FIELD_NUMBER, entry.bytes());
          entry.head().writeTo(coded);
          if (entry.inside()) {
            begin(coded, TensorProto.RAW_DATA_FIELD_NUMBER, entry.constant().bytes());
            coded.flush();
            writeValues(output, entry.constant());
          }
        }
        coded.flush();
      } catch (IOException e) {
        throw output.failed(e);
      }
      output.commit();
    }
  }

  private static void begin(CodedOutputStream coded, int field, long bytes) throws IOException {
    coded.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    coded.writeUInt64NoTag(bytes);
  }

  private static void writeValues(OutputFile output, Constant constant) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = constant.values().apply(arena);
      if (values.byteSize() != constant.bytes()) {
        throw new IllegalStateException(
            constant.name()
                + " was declared with "
                + constant.bytes()
                + " bytes, but has "
                + values.byteSize());
      }
      output.write(values);
    }
  }
}
