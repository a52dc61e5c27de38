package io.vitj.model.text;

import io.vitj.model.ModelException;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongHeapPriorityQueue;
import java.util.List;

/**
 * Byte-pair encoding (Sennrich, Haddow and Birch, 2016): a piece starts as its characters, and the
 * neighbours whose pair was learned first are merged, leftmost first, until no pair is known. The
 * cases that the paper leaves open are decided as in Hugging Face's tokenizers.
 */
final class BpeModel implements TokenModel {
  /** No merge of a pair. */
  private static final long NONE = -1;

  /**
   * What a model does with characters outside its vocabulary, and at the end of a piece.
   *
   * @param endOfWord what the last character of a piece carries, {@code </w>} in CLIP; may be empty
   * @param unknown the id that stands for an unknown character; {@link Vocabulary#ABSENT} to drop
   *     it
   * @param fuseUnknown whether neighbouring unknown characters are one token
   * @param byteFallback whether an unknown character becomes tokens of its bytes, if there are such
   * @param wholeWords whether a piece that is a token itself is not merged from its characters
   */
  record Options(
      String endOfWord,
      int unknown,
      boolean fuseUnknown,
      boolean byteFallback,
      boolean wholeWords) {}

  private final Vocabulary vocabulary;
  private final Long2LongOpenHashMap merges; // pair of ids → rank and merged id
  private final Options options;

  /**
   * Makes a model.
   *
   * @param vocabulary the ids
   * @param merges the pairs that are merged, in the order they were learned
   * @param options its ways
   * @throws ModelException if a merge has a part, or makes a token, outside the vocabulary
   */
  BpeModel(Vocabulary vocabulary, List<String[]> merges, Options options) {
    this.vocabulary = vocabulary;
    this.options = options;
    this.merges = new Long2LongOpenHashMap(merges.size());
    this.merges.defaultReturnValue(NONE);
    for (int rank = 0; rank < merges.size(); rank++) {
      String left = merges.get(rank)[0];
      String right = merges.get(rank)[1];
      int merged = required(left + right);
      this.merges.put(joined(required(left), required(right)), joined(rank, merged));
    }
  }

  private int required(String token) {
    int id = vocabulary.id(token);
    if (id == Vocabulary.ABSENT) {
      throw new ModelException(
          "the merges need the token "
              + ModelException.quote(token)
              + ", which is not in the vocabulary");
    }
    return id;
  }

  private static long joined(int high, int low) {
    return (long) high << 32 | low;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void encode(String piece, IntList ids) {
    int whole = options.wholeWords() ? vocabulary.id(piece) : Vocabulary.ABSENT;
    if (whole != Vocabulary.ABSENT) {
      ids.add(whole);
    } else {
      new Word(characters(piece)).appendMerged(ids);
    }
  }

  private IntArrayList characters(String piece) {
    IntArrayList ids = new IntArrayList(piece.length());
    boolean unknown = false; // whether the last id stands for an unknown character
    int end;
    for (int i = 0; i < piece.length(); i = end) {
      end = piece.offsetByCodePoints(i, 1);
      String symbol = piece.substring(i, end);
      if (end == piece.length()) {
        symbol += options.endOfWord();
      }
      int id = vocabulary.id(symbol);
      if (id != Vocabulary.ABSENT) {
        ids.add(id);
        unknown = false;
      } else if (!(options.byteFallback() && vocabulary.appendBytes(symbol, ids))
          && options.unknown() != Vocabulary.ABSENT) {
        if (!(unknown && options.fuseUnknown())) {
          ids.add(options.unknown());
        }
        unknown = true;
      }
    }
    return ids;
  }

  /** A piece in the making: a list of symbols, linked so that a merge takes constant time. */
  private final class Word {
    private static final int REMOVED = -1;

    private final int[] symbols;
    private final int[] previous;
    private final int[] next;
    private final LongHeapPriorityQueue candidates = new LongHeapPriorityQueue(); // rank, position

    Word(IntList ids) {
      int n = ids.size();
      symbols = ids.toIntArray();
      previous = new int[n];
      next = new int[n];
      for (int i = 0; i < n; i++) {
        previous[i] = i - 1;
        next[i] = i + 1;
      }
      for (int i = 0; i < n; i++) {
        consider(i);
      }
    }

    private long merge(int left) {
      int right = next[left];
      return right < symbols.length ? merges.get(joined(symbols[left], symbols[right])) : NONE;
    }

    private void consider(int left) {
      long merge = merge(left);
      if (merge != NONE) {
        candidates.enqueue(joined((int) (merge >>> 32), left));
      }
    }

    void appendMerged(IntList ids) {
      while (!candidates.isEmpty()) {
        long candidate = candidates.dequeueLong();
        int left = (int) candidate;
        long merge = symbols[left] == REMOVED ? NONE : merge(left);
        if (merge != NONE && merge >>> 32 == candidate >>> 32) { // else a neighbour has changed
          merge(left, (int) merge);
        }
      }
      for (int symbol : symbols) {
        if (symbol != REMOVED) {
          ids.add(symbol);
        }
      }
    }

    private void merge(int left, int merged) {
      int right = next[left];
      symbols[left] = merged;
      symbols[right] = REMOVED;
      next[left] = next[right];
      if (next[left] < symbols.length) {
        previous[next[left]] = left;
      }
      if (previous[left] >= 0) {
        consider(previous[left]);
      }
      consider(left);
    }
  }
}
