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
 * @param once whether a text that ends with the tokens of {@code after} gets no others
 */
record Template(IntList before, IntList after, boolean once) {
  static final Template NONE = new Template(IntList.of(), IntList.of(), false);

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
          new Template(
              IntList.of(pair(json.path("cls"))), IntList.of(pair(json.path("sep"))), false);
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
    return new Template(before, after, false);
  }

  /**
   * Puts tokens between the others.
   *
   * @param ids those of a text
   * @param length how many there may be in all, of which those behind the text take their part
   * @return all
   */
  int[] around(IntList ids, int length) {
    int room = Math.clamp((long) length - before.size() - after.size(), 0, ids.size());
    IntList all = new IntArrayList(before);
    all.addAll(ids.subList(0, room));
    int tail = all.size() - after.size();
    if (!(once && tail >= 0 && all.subList(tail, all.size()).equals(after))) {
      all.addAll(after);
    }
    return all.toIntArray();
  }
}
