package io.vitj.model.text;

import io.vitj.model.ModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The normalisation that a SentencePiece model carries ({@code precompiled_charsmap}): a trie of
 * UTF-8 texts, each with the text that takes its place. As in Hugging Face's tokenizers, it is
 * looked up for whole grapheme clusters of up to 5 bytes, then for single characters.
 *
 * <p>The bytes are the size of the trie, the trie as a double array (Aoe, 1989; the layout is that
 * of darts-clone), and the texts, each with a zero behind it. A unit of the array has the label of
 * its edge in bits 0–7, bit 8 if a value lies at its children's base, and the offset to that base
 * in the bits from 10 on, shifted by 8 where bit 9 is set.
 */
final class CharacterMap {
  private static final Pattern GRAPHEME = Pattern.compile("\\X");
  private static final int MAX_GRAPHEME_BYTES = 5;
  private static final int NONE = -1;

  /** The longest of Unicode's compatibility decompositions has 33 bytes. */
  private static final int MAX_TEXT_BYTES = 256;

  private final int[] units;
  private final byte[] texts;

  private CharacterMap(int[] units, byte... texts) {
    this.units = units;
    this.texts = texts;
  }

  /**
   * Reads a map.
   *
   * @param base64 its bytes
   * @return the map
   * @throws ModelException if they are malformed
   */
  static CharacterMap ofBase64(String base64) {
    try {
      return of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new ModelException("precompiled_charsmap is not valid Base64", e);
    }
  }

  /**
   * Reads a map.
   *
   * @param bytes its bytes
   * @return the map
   * @throws ModelException if they are malformed
   */
  static CharacterMap of(byte... bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = bytes.length < 4 ? -1 : Integer.toUnsignedLong(buffer.getInt());
    if (size < 4 || size % 4 != 0 || size > bytes.length - 4) {
      throw new ModelException(
          "precompiled_charsmap has "
              + bytes.length
              + " bytes, which do not hold the trie of "
              + size
              + " bytes that it announces");
    }
    int[] units = new int[(int) size / 4];
    buffer.asIntBuffer().get(units);
    return new CharacterMap(units, Arrays.copyOfRange(bytes, 4 + (int) size, bytes.length));
  }

  /**
   * Rewrites a text.
   *
   * @param text any text
   * @return what takes its place
   */
  String normalize(String text) {
    StringBuilder result = new StringBuilder(text.length());
    Matcher graphemes = GRAPHEME.matcher(text);
    while (graphemes.find()) {
      String grapheme = graphemes.group();
      byte[] bytes = grapheme.getBytes(StandardCharsets.UTF_8);
      int found = bytes.length <= MAX_GRAPHEME_BYTES ? find(bytes) : NONE;
      if (found != NONE) {
        result.append(textAt(found));
      } else {
        grapheme.codePoints().forEach(c -> appendMapped(Character.toString(c), result));
      }
    }
    return result.toString();
  }

  private void appendMapped(String character, StringBuilder result) {
    int found = find(character.getBytes(StandardCharsets.UTF_8));
    result.append(found == NONE ? character : textAt(found));
  }

  /** Where the text for the shortest known start of these bytes lies. */
  private int find(byte... bytes) {
    int node = offset(unit(0));
    for (byte b : bytes) {
      int label = Byte.toUnsignedInt(b);
      if (label == 0) {
        return NONE;
      }
      node ^= label;
      int unit = unit(node);
      if ((unit & 0x8000_00ff) != label) {
        return NONE;
      }
      node ^= offset(unit);
      if ((unit >>> 8 & 1) == 1) {
        return unit(node) & Integer.MAX_VALUE;
      }
    }
    return NONE;
  }

  private int unit(int index) {
    if (index < 0 || index >= units.length) {
      throw new ModelException(
          "precompiled_charsmap points to unit " + index + " of its " + units.length);
    }
    return units[index];
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
  }

  private String textAt(int start) {
    if (start >= texts.length) {
      throw new ModelException(
          "precompiled_charsmap points to byte " + start + " of its " + texts.length);
    }
    int end = start;
    while (end < texts.length && texts[end] != 0) {
      end++;
      if (end - start > MAX_TEXT_BYTES) {
        throw new ModelException(
            "precompiled_charsmap has a text of more than " + MAX_TEXT_BYTES + " bytes");
      }
    }
    return new String(texts, start, end - start, StandardCharsets.UTF_8);
  }
}
