package io.vitj.model.text;

/** The characters with Unicode's property White_Space, which none of Java's methods tests. */
final class Whitespace {
  private Whitespace() {}

  static boolean is(int c) {
    return c == ' '
        || c >= '\t' && c <= '\r'
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || c >= 0x2000 && c <= 0x200a
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  /**
   * Finds the end of the whitespace at a place.
   *
   * @param text any text
   * @param from the place
   * @return the first index from there on that holds something else
   */
  static int skip(String text, int from) {
    int i = from;
    while (i < text.length() && is(text.charAt(i))) { // none is beyond the basic plane
      i++;
    }
    return i;
  }

  /**
   * Finds the start of the whitespace before a place.
   *
   * @param text any text
   * @param to the place
   * @return the index after the last other character before it
   */
  static int skipBack(String text, int to) {
    int i = to;
    while (i > 0 && is(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }
}
