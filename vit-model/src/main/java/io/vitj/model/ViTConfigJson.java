package io.vitj.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.stream.Collectors;

/** A {@link ViTConfig} as JSON: an object with all its fields, by their names. */
public final class ViTConfigJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private ViTConfigJson() {}

  /**
   * Writes a config.
   *
   * @param config the config
   * @return an object from which {@link #read} makes an equal one
   */
  public static ObjectNode write(ViTConfig config) {
    return MAPPER.valueToTree(config);
  }

  /**
   * Reads a config.
   *
   * @param json the object
   * @return the config
   * @throws ModelException if a field is missing, unknown, of a wrong type or out of range, as in a
   *     config of another version of vitj
   */
  public static ViTConfig read(JsonNode json) {
    try {
      ViTConfig config = MAPPER.treeToValue(json, ViTConfig.class);
      if (config != null) {
        return config;
      }
      throw new ModelException("there is no config of vitj");
    } catch (ValueInstantiationException e) {
      throw e.getCause() instanceof ModelException cause ? cause : unreadable(e);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
  }

  private static ModelException unreadable(JsonProcessingException e) {
    String field =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."))
            : "";
    return new ModelException(
        "the config of vitj does not fit this version of it at "
            + ModelException.quote(field)
            + ": convert the model again",
        e);
  }
}
