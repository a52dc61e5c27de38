package io.vitj.model.packed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.Fields;
import io.vitj.model.json.JsonFiles;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The start of a packed file, little-endian:
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><td>0</td><td>8 bytes</td><td>magic: 0x89 V I T J CR LF 0x1A, which transfers as text break</td></tr>
 * <tr><td>8</td><td>u32</td><td>version of the format</td></tr>
 * <tr><td>12</td><td>u32</td><td>CRC-32C of the bytes 16 to the end of the JSON</td></tr>
 * <tr><td>16</td><td>u64</td><td>bytes of the JSON</td></tr>
 * <tr><td>24</td><td>u64</td><td>bytes of the whole file</td></tr>
 * <tr><td>32</td><td></td><td>JSON: the model, the layout of its weights and the table of parts</td></tr>
 * </table>
 *
 * <p>The data starts at the next multiple of 64. A header exists only if it is consistent: the
 * parts follow one another in the order of the table, each at the next multiple of 64, and the last
 * ends with the file.
 *
 * @param json the JSON
 * @param parts the table, by name
 * @param dataAt where the data starts
 */
record PackedHeader(ObjectNode json, Map<String, Part> parts, long dataAt) {
  static final int VERSION = 1;

  private static final byte[] MAGIC = {(byte) 0x89, 'V', 'I', 'T', 'J', '\r', '\n', 0x1a};
  private static final int CHECKSUM_AT = 12;
  private static final int CHECKED_AT = 16;
  private static final int JSON_AT = 32;

  /** ImageNet-21k's labels and the table of the largest model take some 3 MB. */
  private static final long MAX_JSON_BYTES = 64L << 20;

  private static final String LAYOUT = "layout";
  private static final String PARTS = "parts";

  /**
   * Makes the bytes before the data.
   *
   * @param json the model; the layout and the table are added
   * @param parts the table
   * @return the bytes, padded to where the data starts
   */
  static ByteBuffer write(ObjectNode json, Collection<Part> parts) {
    json.set(LAYOUT, Layout.here().describe());
    parts.forEach(part -> part.describe(json.withArray(PARTS).addObject()));
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int dataAt = Math.toIntExact(Part.align(JSON_AT + text.length));
    long end = parts.stream().mapToLong(Part::end).max().orElseThrow();
    ByteBuffer header = ByteBuffer.allocate(dataAt).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).putInt(VERSION).putInt(0).putLong(text.length).putLong(dataAt + end);
    header.put(text);
    return header.putInt(CHECKSUM_AT, checksum(header.array(), JSON_AT + text.length)).rewind();
  }

  private static int checksum(byte[] header, int end) {
    CRC32C checksum = new CRC32C();
    checksum.update(header, CHECKED_AT, end - CHECKED_AT);
    return (int) checksum.getValue();
  }

  /**
   * Parses and validates, up to the table; whether it is the model's is checked as its parts are
   * asked for.
   *
   * @param damage words the faults of the file
   * @param file all its bytes
   * @return the header
   * @throws ModelException at the first fault
   */
  static PackedHeader read(Damage damage, MemorySegment file) {
    Fields fields = new Fields(file, damage);
    if (fields.size() < JSON_AT || !Arrays.equals(fields.bytes(0, MAGIC.length), MAGIC)) {
      throw damage.refused("is no packed model of vitj: convert a model again");
    }
    if (fields.u32(MAGIC.length) != VERSION) {
      throw damage.refused(
          "has version %d of the format, and this vitj reads %d: convert the model again",
          fields.u32(MAGIC.length), VERSION);
    }
    long jsonBytes = fields.size64(CHECKED_AT);
    long fileBytes = fields.size64(CHECKED_AT + Long.BYTES);
    if (jsonBytes > MAX_JSON_BYTES) {
      throw damage.damaged("its header claims %d bytes, more than %d", jsonBytes, MAX_JSON_BYTES);
    }
    if (fileBytes != fields.size() || jsonBytes > fields.size() - JSON_AT) {
      throw damage.damaged("it should have %d bytes, and has %d", fileBytes, fields.size());
    }
    byte[] header = fields.bytes(0, JSON_AT + jsonBytes);
    if (checksum(header, header.length) != fields.i32(CHECKSUM_AT)) {
      throw damage.damaged("the checksum of its header is wrong");
    }
    byte[] text = Arrays.copyOfRange(header, JSON_AT, header.length);
    ObjectNode json = JsonFiles.object(text, damage.file() + " (header)");
    Layout.requireHere(json.path(LAYOUT), damage);
    long dataAt = Part.align(header.length);
    return new PackedHeader(json, parts(damage, json.path(PARTS), fileBytes - dataAt), dataAt);
  }

  private static Map<String, Part> parts(Damage damage, JsonNode table, long dataBytes) {
    Map<String, Part> parts = new LinkedHashMap<>();
    long end = 0;
    for (JsonNode entry : table) {
      Part part = Part.of(entry);
      if (part == null) {
        throw damage.damaged("entry %d of its table describes no part", parts.size());
      }
      String name = ModelException.quote(part.name());
      if (parts.put(part.name(), part) != null) {
        throw damage.damaged("part %s is declared twice", name);
      }
      long at = Part.align(end);
      if (part.at() != at) {
        throw damage.damaged("part %s starts at byte %d of the data, not %d", name, part.at(), at);
      }
      end = end(damage, part, dataBytes);
    }
    if (end != dataBytes) {
      throw damage.damaged("its parts end at byte %d of the data, which has %d", end, dataBytes);
    }
    return parts;
  }

  private static long end(Damage damage, Part part, long dataBytes) {
    String name = ModelException.quote(part.name());
    try {
      if (part.end() <= dataBytes) {
        return part.end();
      }
      throw damage.damaged(
          "part %s ends at byte %d of the data, which has %d", name, part.end(), dataBytes);
    } catch (ArithmeticException e) {
      throw damage.damaged("part %s has a size that overflows: %s", name, part.shape());
    }
  }
}
