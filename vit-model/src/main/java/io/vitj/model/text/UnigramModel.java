package io.vitj.model.text;

import io.vitj.model.ModelException;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;

/**
 * The unigram language model of SentencePiece (Kudo, 2018): of all ways to cut a text into tokens,
 * the one with the largest sum of scores, which are log-probabilities, found by the algorithm of
 * Viterbi. A character that is no token costs 10 more than the worst token, as in SentencePiece;
 * neighbouring ones become one unknown token.
 */
final class UnigramModel implements TokenModel {
  private static final double UNKNOWN_PENALTY = 10;
  private static final int ROOT = 0;
  private static final int NONE = -1;

  private final Vocabulary vocabulary;
  private final double[] scores;
  private final double unknownScore;
  private final int unknown;
  private final boolean byteFallback;
  private final Long2IntOpenHashMap children = new Long2IntOpenHashMap(); // node, character → node
  private final int[] tokenAt; // by node of the trie

  /**
   * Makes a model.
   *
   * @param tokens the texts by id; an empty one is never found
   * @param scores log-probabilities by id
   * @param unknown the id of the unknown token; {@link Vocabulary#ABSENT} if there is none
   * @param byteFallback whether an unknown token becomes tokens of its bytes, if there are such
   */
  UnigramModel(String[] tokens, double[] scores, int unknown, boolean byteFallback) {
    vocabulary = Vocabulary.of(tokens);
    this.scores = scores;
    this.unknown = unknown;
    this.byteFallback = byteFallback;
    unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
    children.defaultReturnValue(NONE);
    int[] nodes = new int[tokens.length];
    for (int id = 0; id < tokens.length; id++) {
      nodes[id] = insert(tokens[id]);
    }
    tokenAt = new int[children.size() + 1];
    Arrays.fill(tokenAt, NONE);
    for (int id = 0; id < tokens.length; id++) {
      tokenAt[nodes[id]] = id;
    }
  }

  private int insert(String token) {
    int node = ROOT;
    for (int i = 0; i < token.length(); i++) {
      long edge = edge(node, token.charAt(i));
      node = children.get(edge);
      if (node == NONE) {
        node = children.size() + 1;
        children.put(edge, node);
      }
    }
    return node;
  }

  private static long edge(int node, char c) {
    return (long) node << 16 | c;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void encode(String piece, IntList ids) {
    int[] token = new int[piece.length() + 1]; // the last of the best cut that ends here
    int[] start = bestCut(piece, token); // where that token starts
    append(piece, piece.length(), start, token, ids);
  }

  private int[] bestCut(String piece, int[] token) {
    int n = piece.length();
    double[] best = new double[n + 1];
    int[] start = new int[n + 1];
    Arrays.fill(start, NONE);
    int next;
    for (int i = 0; i < n; i = next) {
      next = piece.offsetByCodePoints(i, 1);
      boolean known = false; // whether the character itself is a token
      int node = children.get(edge(ROOT, piece.charAt(i)));
      for (int end = i + 1; node != NONE; end++) {
        int id = tokenAt[node];
        if (id != NONE) {
          improve(best, start, token, i, end, id, scores[id]);
          known |= end == next;
        }
        node = end < n ? children.get(edge(node, piece.charAt(end))) : NONE;
      }
      if (!known) {
        improve(best, start, token, i, next, unknown, unknownScore);
      }
    }
    return start;
  }

  private static void improve(
      double[] best, int[] start, int[] token, int from, int to, int id, double score) {
    double sum = best[from] + score;
    if (start[to] == NONE || sum > best[to]) {
      best[to] = sum;
      start[to] = from;
      token[to] = id;
    }
  }

  private void append(String piece, int length, int[] start, int[] token, IntList ids) {
    int[] ends = new int[length];
    int count = 0;
    for (int end = length; end > 0; end = start[end]) {
      boolean fused = count > 0 && token[end] == unknown && token[ends[count - 1]] == unknown;
      if (!fused) {
        ends[count++] = end;
      }
    }
    int from = 0;
    while (count > 0) {
      int end = ends[--count];
      appendToken(piece.substring(from, end), ids);
      from = end;
    }
  }

  private void appendToken(String text, IntList ids) {
    int id = vocabulary.id(text);
    if (id != Vocabulary.ABSENT) {
      ids.add(id);
    } else if (!(byteFallback && vocabulary.appendBytes(text, ids))) {
      if (unknown == Vocabulary.ABSENT) {
        throw new ModelException(
            "the vocabulary has no token for "
                + ModelException.quote(text)
                + " and none for the unknown");
      }
      ids.add(unknown);
    }
  }
}
