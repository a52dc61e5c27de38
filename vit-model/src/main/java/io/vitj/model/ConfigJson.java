package io.vitj.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A {@link ViTConfig} or {@link TextConfig} as JSON: an object with all its fields, by their names.
 */
public final class ConfigJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private ConfigJson() {}

  /**
   * Writes a config.
   *
   * @param config the config
   * @return an object from which {@link #read} makes an equal one
   */
  public static ObjectNode write(Record config) {
    return MAPPER.valueToTree(config);
  }

  /**
   * Reads a config.
   *
   * @param json the object
   * @param type {@link ViTConfig} or {@link TextConfig}
   * @return the config
   * @param <T> its type
   * @throws ModelException if a field is missing, unknown, of a wrong type or out of range, as in a
   *     config of another version of vitj
   */
  public static <T extends Record> T read(JsonNode json, Class<T> type) {
    requireChoices(json, type);
    try {
      T config = MAPPER.treeToValue(json, type);
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

  /** What is no number and no choice may be null: it is what a model need not have. */
  private static void requireChoices(JsonNode json, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode value = json.path(component.getName());
      if (component.getType().isEnum() && value.isNull()) {
        throw unreadable(component.getName(), null);
      }
      if (component.getType().isRecord()) {
        requireChoices(value, component.getType());
      }
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
    return unreadable(field, e);
  }

  private static ModelException unreadable(String field, JsonProcessingException cause) {
    return new ModelException(
        "the config of vitj does not fit this version of it at "
            + ModelException.quote(field)
            + ": convert the model again",
        cause);
  }
}
