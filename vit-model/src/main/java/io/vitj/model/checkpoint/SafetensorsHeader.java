package io.vitj.model.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.tensor.Shape;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The header of a safetensors file: a JSON object of tensor names, each with {@code dtype}, {@code
 * shape} and {@code data_offsets}, and {@code __metadata__}, an object of strings. A header exists
 * only if it is consistent: the tensors cover the data without overlap and without a hole.
 *
 * @param tensors by name
 * @param offsets where the bytes of each tensor start, counted from the end of the header
 * @param metadata free text
 */
record SafetensorsHeader(
    SortedMap<String, StoredTensor> tensors,
    Map<String, Long> offsets,
    Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // The names of a file are met once: a shared symbol table would only keep them alive.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /**
   * Parses and validates.
   *
   * @param damage words the faults of the file
   * @param json the bytes of the header
   * @param dataBytes the number of bytes after the header
   * @return the header
   * @throws ModelException at the first inconsistency
   */
  static SafetensorsHeader parse(Damage damage, byte[] json, long dataBytes) {
    if (json.length == 0 || json[0] != '{') {
      throw damage.damaged("its header does not begin with '{'");
    }
    Reader reader = new Reader(damage, dataBytes);
    try (JsonParser parser = JSON.createParser(decode(damage, json))) {
      reader.read(parser);
    } catch (JsonProcessingException e) {
      throw damage.damaged(
          "its header is not valid JSON: %s", ModelException.oneLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw damage.damaged("its header cannot be read: %s", ModelException.reason(e));
    }
    reader.requireCoverage();
    return new SafetensorsHeader(
        Collections.unmodifiableSortedMap(reader.tensors),
        reader.spans.stream().collect(Collectors.toUnmodifiableMap(Span::tensor, Span::begin)),
        Collections.unmodifiableMap(reader.metadata));
  }

  private static char[] decode(Damage damage, byte[] json) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
      char[] chars = new char[text.remaining()];
      text.get(chars);
      return chars;
    } catch (CharacterCodingException e) {
      throw damage.damaged("its header is not UTF-8");
    }
  }

  /**
   * Where a tensor lies.
   *
   * @param tensor its name
   * @param begin its first byte
   * @param end the byte after its last
   */
  private record Span(String tensor, long begin, long end) {}

  private static final class Reader {
    private final Damage damage;
    private final long dataBytes;
    private final SortedMap<String, StoredTensor> tensors = new TreeMap<>();
    private final List<Span> spans = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private boolean metadataSeen;

    Reader(Damage damage, long dataBytes) {
      this.damage = damage;
      this.dataBytes = dataBytes;
    }

    void read(JsonParser parser) throws IOException {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) {
          readMetadata(parser);
        } else if (tensors.put(name, readTensor(name, parser)) != null) {
          throw damage.damaged("tensor %s is declared twice", ModelException.quote(name));
        }
      }
      if (parser.nextToken() != null) {
        throw damage.damaged("its header goes on after the object that it is");
      }
    }

    private void readMetadata(JsonParser parser) throws IOException {
      if (metadataSeen) {
        throw damage.damaged("%s is declared twice", METADATA);
      }
      metadataSeen = true;
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw damage.damaged("%s is not an object of strings", METADATA);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw damage.damaged("%s %s is not a string", METADATA, ModelException.quote(key));
        }
        if (metadata.put(key, parser.getText()) != null) {
          throw damage.damaged("%s %s is declared twice", METADATA, ModelException.quote(key));
        }
      }
    }

    private StoredTensor readTensor(String name, JsonParser parser) throws IOException {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw fault(name, "is not described by an object");
      }
      String dtype = null;
      LongArrayList dims = null;
      LongArrayList offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case "dtype" -> dtype = once(name, key, dtype, text(name, parser));
          case "shape" -> dims = once(name, key, dims, integers(name, key, parser));
          case "data_offsets" -> offsets = once(name, key, offsets, integers(name, key, parser));
          default -> parser.skipChildren();
        }
      }
      return stored(
          name,
          required(name, "dtype", dtype),
          required(name, "shape", dims),
          required(name, "data_offsets", offsets));
    }

    private <T> T once(String tensor, String key, T previous, T value) {
      if (previous != null) {
        throw fault(tensor, "declares %s twice", key);
      }
      return value;
    }

    private <T> T required(String tensor, String key, T value) {
      if (value == null) {
        throw fault(tensor, "has no %s", key);
      }
      return value;
    }

    private String text(String tensor, JsonParser parser) throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw fault(tensor, "has a dtype that is not a string");
      }
      return parser.getText();
    }

    private LongArrayList integers(String tensor, String key, JsonParser parser)
        throws IOException {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw fault(tensor, "has a %s that is not a list of integers", key);
      }
      LongArrayList values = new LongArrayList(4);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        boolean integer =
            parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!integer || parser.getLongValue() < 0) {
          throw fault(
              tensor,
              "has %s in its %s, where an integer from 0 to %d must stand",
              ModelException.quote(parser.getText()),
              key,
              Long.MAX_VALUE);
        }
        values.add(parser.getLongValue());
      }
      return values;
    }

    private StoredTensor stored(
        String name, String dtype, LongArrayList dims, LongArrayList offsets) {
      StorageType type =
          StorageType.named(dtype)
              .orElseThrow(
                  () -> fault(name, "has the unknown dtype %s", ModelException.quote(dtype)));
      if (offsets.size() != 2) {
        throw fault(name, "has %d data_offsets instead of 2", offsets.size());
      }
      long begin = offsets.getLong(0);
      long end = offsets.getLong(1);
      if (begin > end || end > dataBytes) {
        throw fault(
            name, "lies at bytes %d to %d of the data, which has %d", begin, end, dataBytes);
      }
      long bytes = bytes(name, type, dims);
      if (bytes != end - begin) {
        throw fault(
            name,
            "has data_offsets %s of %d bytes, and %s %s takes %d",
            offsets,
            end - begin,
            type,
            dims,
            bytes);
      }
      spans.add(new Span(name, begin, end));
      return new StoredTensor(name, type, shape(name, dims));
    }

    private long bytes(String name, StorageType type, LongArrayList dims) {
      long bits = type.bits();
      try {
        for (int i = 0; i < dims.size(); i++) {
          bits = Math.multiplyExact(bits, dims.getLong(i));
        }
      } catch (ArithmeticException e) {
        throw fault(name, "has a size that overflows: %s %s", type, dims);
      }
      if (bits % 8 != 0) {
        throw fault(name, "ends inside a byte: %s %s", type, dims);
      }
      return bits / 8;
    }

    private Shape shape(String name, LongArrayList dims) {
      int[] extents = new int[dims.size()];
      for (int i = 0; i < extents.length; i++) {
        if (dims.getLong(i) > Integer.MAX_VALUE) {
          throw fault(
              name, "has the extent %d; vitj goes up to %d", dims.getLong(i), Integer.MAX_VALUE);
        }
        extents[i] = (int) dims.getLong(i);
      }
      return Shape.of(extents);
    }

    void requireCoverage() {
      spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
      long covered = 0;
      for (Span span : spans) {
        if (span.begin() < covered) {
          throw fault(
              span.tensor(),
              "starts at byte %d of the data, inside another tensor that ends at %d",
              span.begin(),
              covered);
        }
        requireNoHole(covered, span.begin());
        covered = span.end();
      }
      requireNoHole(covered, dataBytes);
    }

    private void requireNoHole(long from, long to) {
      if (from != to) {
        throw damage.damaged("bytes %d to %d of the data belong to no tensor", from, to);
      }
    }

    private ModelException fault(String tensor, String message, Object... values) {
      return damage.damaged("tensor " + escape(tensor) + ' ' + message, values);
    }

    private static String escape(String tensor) {
      return ModelException.quote(tensor).replace("%", "%%");
    }
  }
}
