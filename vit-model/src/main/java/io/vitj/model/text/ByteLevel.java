package io.vitj.model.text;

import java.nio.charset.StandardCharsets;

/**
 * The alphabet of byte-level BPE (Radford et al., 2019): every byte of UTF-8 is one visible
 * character, itself where it is one in Latin-1, else one from U+0100 on.
 */
final class ByteLevel {
  private static final char[] CHARACTERS = characters();

  private ByteLevel() {}

  private static char[] characters() {
    char[] characters = new char[256];
    char next = 256;
    for (int b = 0; b < characters.length; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xa1 && b != 0xad;
      characters[b] = visible ? (char) b : next++;
    }
    return characters;
  }

  /**
   * Writes a text in the alphabet.
   *
   * @param text any text
   * @return one character for each byte of its UTF-8
   */
  static String encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder encoded = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      encoded.append(CHARACTERS[Byte.toUnsignedInt(b)]);
    }
    return encoded.toString();
  }
}
