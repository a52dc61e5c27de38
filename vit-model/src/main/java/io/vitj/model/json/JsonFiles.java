package io.vitj.model.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes the JSON files that lie beside a checkpoint. */
public final class JsonFiles {
  /** ImageNet-21k's labels in a config take about 2 MB. */
  private static final long MAX_BYTES = 64L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFiles() {}

  /**
   * Reads a file that holds one JSON object.
   *
   * @param file the file
   * @return the object
   * @throws ModelException if it cannot be read, or holds something else
   */
  public static ObjectNode readObject(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes > MAX_BYTES) {
        throw new ModelException(
            file + ": has " + bytes + " bytes; a config has at most " + MAX_BYTES);
      }
      return object(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + ModelException.reason(e), e);
    }
  }

  /**
   * Reads bytes that hold one JSON object.
   *
   * @param json the bytes, in UTF-8
   * @param origin where they come from, for messages
   * @return the object
   * @throws ModelException if they hold something else
   */
  public static ObjectNode object(byte[] json, String origin) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new ModelException(origin + ": must hold a JSON object");
    } catch (JsonProcessingException e) {
      throw invalid(origin, where(e), e.getOriginalMessage(), e);
    } catch (IOException e) { // zeros at the start make Jackson take the bytes for UTF-16 or UTF-32
      throw invalid(origin, "", e.getMessage(), e);
    }
  }

  /**
   * Writes JSON for people.
   *
   * @param json the value
   * @return its text in UTF-8, over several lines
   */
  public static byte[] bytes(JsonNode json) {
    return (json.toPrettyString() + '\n').getBytes(StandardCharsets.UTF_8);
  }

  private static ModelException invalid(
      String origin, String where, String message, IOException cause) {
    return new ModelException(
        origin + ": is not valid JSON" + where + ": " + ModelException.oneLine(message), cause);
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
  }
}
