package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;

/**
 * The tokens around those of a text: the {@code post_processor} of a tokenizer file.
 *
 * @param before such as the start of the text
 * @param after such as its end
 */
record Template(IntList before, IntList after) {
  static final Template NONE = new Template(IntList.of(), IntList.of());

  /**
   * Reads a template.
   *
   * @param json its object; null or missing for none
   * @return the template
   * @throws ModelException if it is of a kind that is not supported, or malformed
   */
  static Template of(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return NONE;
    }
    String type = json.path("type").asText();
    return switch (type) {
      case "RobertaProcessing", "BertProcessing" ->
          new Template(IntList.of(pair(json.path("cls"))), IntList.of(pair(json.path("sep"))));
      case "TemplateProcessing" -> single(json);
      case "ByteLevel" -> NONE; // concerns offsets only
      default -> throw new ModelException("post_processor " + Normalizers.unsupported(type));
    };
  }

  private static int pair(JsonNode json) {
    return Vocabulary.id(json.path(0).asText(), json.path(1));
  }

  private static Template single(JsonNode json) {
    IntList before = new IntArrayList();
    IntList after = new IntArrayList();
    boolean text = false; // whether the text has been passed
    for (JsonNode part : json.path("single")) {
      JsonNode special = part.path("SpecialToken").path("id");
      if (part.has("Sequence")) {
        text = true;
      } else {
        for (JsonNode id : json.path("special_tokens").path(special.asText()).path("ids")) {
          (text ? after : before).add(Vocabulary.id(special.asText(), id));
        }
      }
    }
    if (!text) {
      throw new ModelException("the post_processor has no place for the text");
    }
    return new Template(before, after);
  }
}
