package io.vitj.model.text;

import io.vitj.model.ModelException;
import io.vitj.model.text.Normalizers.Normalizer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A unigram model as SentencePiece stores it, in the file {@code spiece.model}: a {@code
 * ModelProto} (sentencepiece_model.proto) of pieces with scores, and the rules of a normalisation.
 *
 * @param model the pieces
 * @param normalizer what happens to a text before
 */
record SentencePieceModel(TokenModel model, Normalizer normalizer) {
  private static final int UNIGRAM = 1;

  /** The kinds of a piece. */
  private static final int NORMAL = 1;

  private static final int UNKNOWN = 2;
  private static final int USER_DEFINED = 4;

  /** Fields of ModelProto. */
  private static final class Root {
    static final int PIECE = 1;
    static final int TRAINER = 2;
    static final int NORMALIZER = 3;
  }

  /**
   * One piece.
   *
   * @param text its characters
   * @param score the logarithm of its probability
   * @param kind what it is for
   */
  private record Piece(String text, double score, int kind) {
    static Piece read(ByteBuffer bytes) {
      ProtobufMessage message = new ProtobufMessage(bytes);
      String text = "";
      double score = 0;
      int kind = NORMAL;
      int field;
      while ((field = message.next()) != 0) {
        switch (field) {
          case 1 -> text = message.text();
          case 2 -> score = message.number();
          case 3 -> kind = (int) message.integer();
          default -> {}
        }
      }
      if (kind == USER_DEFINED) {
        throw new ModelException(
            "the piece "
                + ModelException.quote(text)
                + " is defined by a user, which vitj does not read; SigLIP has none");
      }
      return new Piece(text, score, kind);
    }
  }

  /**
   * Reads a model.
   *
   * @param bytes the file
   * @return the model
   * @throws ModelException if it is malformed, or none of the unigram kind; the message does not
   *     name the file
   */
  static SentencePieceModel read(ByteBuffer bytes) {
    ProtobufMessage message = new ProtobufMessage(bytes);
    List<Piece> pieces = new ArrayList<>();
    boolean byteFallback = false;
    Normalizer normalizer = text -> text;
    int field;
    while ((field = message.next()) != 0) {
      switch (field) {
        case Root.PIECE -> pieces.add(Piece.read(message.bytes()));
        case Root.TRAINER -> byteFallback = byteFallback(message.bytes());
        case Root.NORMALIZER -> normalizer = normalizer(message.bytes());
        default -> {}
      }
    }
    if (pieces.isEmpty()) {
      throw new ModelException("it has no pieces, so it is no model of SentencePiece");
    }
    return new SentencePieceModel(unigram(pieces, byteFallback), normalizer);
  }

  private static UnigramModel unigram(List<Piece> pieces, boolean byteFallback) {
    String[] texts = new String[pieces.size()];
    double[] scores = new double[pieces.size()];
    int unknown = Vocabulary.ABSENT;
    for (int id = 0; id < texts.length; id++) {
      Piece piece = pieces.get(id);
      texts[id] = piece.text();
      scores[id] = piece.score();
      unknown = piece.kind() == UNKNOWN ? id : unknown;
    }
    return new UnigramModel(texts, scores, unknown, byteFallback);
  }

  private static boolean byteFallback(ByteBuffer trainer) {
    ProtobufMessage message = new ProtobufMessage(trainer);
    boolean byteFallback = false;
    int field;
    while ((field = message.next()) != 0) {
      if (field == 35) {
        byteFallback = message.flag();
      } else if (field == 3 && message.integer() != UNIGRAM) {
        throw new ModelException(
            "its pieces are not those of a unigram model, which SigLIP has; vitj reads other"
                + " tokenizers from tokenizer.json");
      }
    }
    return byteFallback;
  }

  private static Normalizer normalizer(ByteBuffer rules) {
    ProtobufMessage message = new ProtobufMessage(rules);
    Normalizer normalizer = text -> text;
    boolean single = true; // remove_extra_whitespaces
    int field;
    while ((field = message.next()) != 0) {
      if (field == 2) {
        ByteBuffer map = message.bytes();
        byte[] bytes = new byte[map.remaining()];
        map.get(bytes);
        normalizer = bytes.length == 0 ? normalizer : CharacterMap.of(bytes)::normalize;
      } else if (field == 4) {
        single = message.flag();
      }
    }
    return single ? normalizer.then(Normalizers::singleSpaces) : normalizer;
  }
}
