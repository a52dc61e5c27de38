package io.vitj.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.checkpoint.OutputFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/** JSON on standard output or in a file, indented. */
final class JsonOutput {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonOutput() {}

  /**
   * Starts a value on standard output.
   *
   * @param terminal where to print
   * @return a generator; closing it leaves standard output open
   * @throws IOException if that fails
   */
  static JsonGenerator generator(Terminal terminal) throws IOException {
    return generator(terminal.out()).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  /**
   * Starts a value in a file.
   *
   * @param file the file, to be committed after a flush
   * @return a generator; closing it does not complete what is open
   * @throws IOException if that fails
   */
  static JsonGenerator generator(OutputFile file) throws IOException {
    return generator(
        new BufferedWriter(Channels.newWriter(file.channel(), StandardCharsets.UTF_8)));
  }

  /**
   * Starts a value.
   *
   * @param writer where to print; closed with the generator
   * @return a generator; closing it does not complete what is open, so that a failed run does not
   *     look like a complete one
   * @throws IOException if that fails
   */
  private static JsonGenerator generator(Writer writer) throws IOException {
    return MAPPER
        .createGenerator(writer)
        .useDefaultPrettyPrinter()
        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
  }

  /**
   * Makes an empty object.
   *
   * @return the object
   */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Prints one value.
   *
   * @param terminal where to print
   * @param value the value
   */
  static void print(Terminal terminal, JsonNode value) {
    terminal.out().println(value.toPrettyString());
  }

  /**
   * Turns a plain value into JSON.
   *
   * @param value a record, a list, an array
   * @return its tree
   */
  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }
}
