package io.vitj.model.text;

import it.unimi.dsi.fastutil.ints.IntList;

/** Cuts one piece of normalised text into tokens of a vocabulary. */
interface TokenModel {
  /**
   * Appends the tokens of a piece.
   *
   * @param piece a word, or a whole text where nothing splits it
   * @param ids where to append
   * @throws io.vitj.model.ModelException if it has a character that the vocabulary cannot express
   */
  void encode(String piece, IntList ids);

  /**
   * Returns the tokens.
   *
   * @return their ids
   */
  Vocabulary vocabulary();
}
