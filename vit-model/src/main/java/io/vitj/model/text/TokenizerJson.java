package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFields;
import io.vitj.model.text.AddedTokens.Added;
import io.vitj.model.text.Normalizers.Normalizer;
import io.vitj.model.text.PreTokenizers.PreTokenizer;
import io.vitj.model.text.TokenizerFiles.Specials;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code tokenizer.json} of Hugging Face's tokenizers, as far as the tokenizers of CLIP and SigLIP
 * use it. What it holds beyond that is refused by name.
 */
final class TokenizerJson {
  private TokenizerJson() {}

  /**
   * Reads a tokenizer.
   *
   * @param json the file
   * @param specials what lies beside it
   * @return the tokenizer
   * @throws ModelException if it is malformed or holds what is not supported; the message does not
   *     name the file
   */
  static Tokenizer read(JsonNode json, Specials specials) {
    Normalizer normalizer = Normalizers.of(json.path("normalizer"));
    List<Added> added = added(json.path("added_tokens"));
    TokenModel model = model(json.path("model"));
    if (specials.tokenizerClass().equals(SiglipTokenizer.CLASS)) {
      return SiglipTokenizer.of(model, normalizer, specials, added);
    }
    PreTokenizer words = PreTokenizers.of(json.path("pre_tokenizer"));
    Template template = Template.of(json.path("post_processor"));
    int largest = added.stream().mapToInt(Added::id).max().orElse(0);
    return new Tokenizer(
        new Tokenizer.Parts(
            new AddedTokens(added, normalizer),
            words,
            words,
            model,
            template,
            Math.max(largest, model.vocabulary().largestId())),
        padding(json.path("padding"), specials, added, model, template));
  }

  private static List<Added> added(JsonNode list) {
    List<Added> tokens = new ArrayList<>();
    for (JsonNode token : list) {
      JsonFields fields = new JsonFields(token, "added_tokens.");
      String content = fields.text("content").orElse("");
      tokens.add(
          new Added(
              content,
              Vocabulary.id(content, token.path("id")),
              fields.bool("single_word", false),
              fields.bool("lstrip", false),
              fields.bool("rstrip", false),
              fields.bool("normalized", true)));
    }
    return tokens;
  }

  private static int padding(
      JsonNode padding, Specials specials, List<Added> added, TokenModel model, Template template) {
    String named = specials.token("pad_token").orElse(padding.path("pad_token").asText(""));
    for (Added token : added) {
      if (token.content().equals(named)) {
        return token.id();
      }
    }
    int id = model.vocabulary().id(named);
    if (id == Vocabulary.ABSENT && !named.isEmpty()) {
      throw new ModelException(
          "the padding token " + ModelException.quote(named) + " is not in the vocabulary");
    }
    if (id == Vocabulary.ABSENT && template.after().isEmpty()) {
      throw new ModelException(
          "neither a padding token is named, in tokenizer_config.json, nor an end token");
    }
    return id == Vocabulary.ABSENT ? template.after().getLast() : id;
  }

  private static TokenModel model(JsonNode json) {
    String type = json.path("type").asText(json.has("merges") ? "BPE" : "");
    return switch (type) {
      case "BPE" -> bpe(json);
      case "Unigram" -> unigram(json);
      default -> throw new ModelException("model " + Normalizers.unsupported(type));
    };
  }

  private static TokenModel bpe(JsonNode json) {
    JsonFields fields = new JsonFields(json, "model.");
    if (fields.number("dropout", 0) != 0) {
      throw fields.wrong("dropout", "0");
    }
    if (!fields.text("continuing_subword_prefix").orElse("").isEmpty()) {
      throw fields.wrong("continuing_subword_prefix", "empty");
    }
    Vocabulary vocabulary = Vocabulary.of(json.path("vocab"));
    List<String[]> merges = new ArrayList<>();
    for (JsonNode merge : json.path("merges")) {
      merges.add(merge(merge, merges.size()));
    }
    return new BpeModel(
        vocabulary,
        merges,
        new BpeModel.Options(
            fields.text("end_of_word_suffix").orElse(""),
            fields.text("unk_token").map(vocabulary::id).orElse(Vocabulary.ABSENT),
            fields.bool("fuse_unk", false),
            fields.bool("byte_fallback", false),
            fields.bool("ignore_merges", false)));
  }

  private static String[] merge(JsonNode json, int index) {
    if (json.isTextual()) {
      return MergesFile.pair(json.textValue(), "merge " + index);
    }
    if (json.size() != 2 || !json.path(0).isTextual() || !json.path(1).isTextual()) {
      throw new ModelException(
          "merge " + index + " must be two tokens, not " + ModelException.oneLine(json.toString()));
    }
    return new String[] {json.path(0).textValue(), json.path(1).textValue()};
  }

  private static TokenModel unigram(JsonNode json) {
    JsonNode list = json.path("vocab");
    if (!list.isArray() || list.isEmpty()) {
      throw new ModelException("model.vocab must be a list of pieces with their scores");
    }
    int size = list.size();
    String[] pieces = new String[size];
    double[] scores = new double[size];
    for (int id = 0; id < size; id++) {
      JsonNode entry = list.path(id);
      if (entry.size() != 2 || !entry.path(0).isTextual() || !entry.path(1).isNumber()) {
        throw new ModelException(
            "piece "
                + id
                + " must be a text and a score, not "
                + ModelException.oneLine(entry.toString()));
      }
      pieces[id] = entry.path(0).textValue();
      scores[id] = entry.path(1).doubleValue();
    }
    JsonFields fields = new JsonFields(json, "model.");
    int unknown = fields.integer("unk_id", Vocabulary.ABSENT);
    if (unknown >= size || unknown < Vocabulary.ABSENT) {
      throw fields.wrong("unk_id", "the index of one of the " + size + " pieces");
    }
    return new UnigramModel(pieces, scores, unknown, fields.bool("byte_fallback", false));
  }
}
