package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.tensor.Shape;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * The dictionary in the header of a .npy array, read as the little of Python that NumPy writes:
 * strings without escapes, True and False, and a tuple of integers.
 *
 * @param descr the element type
 * @param fortranOrder whether the first axis is innermost
 * @param shape the extents
 */
record NpyDictionary(String descr, boolean fortranOrder, Shape shape) {
  /** NumPy itself goes to 64. */
  private static final int MAX_RANK = 64;

  /**
   * Parses.
   *
   * @param text the dictionary, padded with white space
   * @param array the quoted name of the array, for messages
   * @param damage words the faults of the file
   * @return the dictionary
   * @throws ModelException if it is malformed
   */
  static NpyDictionary parse(String text, String array, Damage damage) {
    return new Parser(text, array, damage).dictionary();
  }

  private static final class Parser {
    private final String text;
    private final String array;
    private final Damage damage;
    private int at;
    private String descr;
    private Boolean fortranOrder;
    private Shape shape;

    Parser(String text, String array, Damage damage) {
      this.text = text;
      this.array = array;
      this.damage = damage;
    }

    NpyDictionary dictionary() {
      expect('{');
      while (!skip('}')) {
        String key = string();
        expect(':');
        read(key);
        if (!skip(',')) {
          expect('}');
          break;
        }
      }
      if (peek() != 0) {
        throw fault("goes on after its end");
      }
      if (descr == null || fortranOrder == null || shape == null) {
        throw fault("lacks one of descr, fortran_order and shape");
      }
      return new NpyDictionary(descr, fortranOrder, shape);
    }

    private void read(String key) {
      switch (key) {
        case "descr" -> descr = once(key, descr, descr());
        case "fortran_order" -> fortranOrder = once(key, fortranOrder, truth());
        case "shape" -> shape = once(key, shape, tuple());
        default -> throw fault("has the unknown key " + ModelException.quote(key));
      }
    }

    private <T> T once(String key, T previous, T value) {
      if (previous != null) {
        throw fault("has " + key + " twice");
      }
      return value;
    }

    private String descr() {
      if (peek() == '[') {
        throw damage.refused("the array %s is one of records; vitj reads arrays of numbers", array);
      }
      return string();
    }

    private String string() {
      char quote = peek();
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw fault("has no string at character " + at);
      }
      String value = text.substring(at + 1, end);
      at = end + 1;
      return value;
    }

    private boolean truth() {
      peek();
      for (String word : new String[] {"True", "False"}) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw fault("has neither True nor False at character " + at);
    }

    private Shape tuple() {
      IntArrayList dims = new IntArrayList();
      expect('(');
      while (!skip(')')) {
        dims.add(integer());
        if (dims.size() > MAX_RANK) {
          throw fault("has a shape of more than " + MAX_RANK + " axes");
        }
        if (!skip(',')) {
          expect(')');
          break;
        }
      }
      try {
        return Shape.of(dims.toIntArray());
      } catch (ArithmeticException e) {
        throw fault("has a shape that overflows: " + dims);
      }
    }

    private int integer() {
      peek();
      int start = at;
      long value = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        value = 10 * value + text.charAt(at++) - '0';
        if (value > Integer.MAX_VALUE) {
          throw fault("has an extent beyond " + Integer.MAX_VALUE);
        }
      }
      if (at == start) {
        throw fault("has no extent at character " + at);
      }
      // Python 2 wrote long integers with a suffix.
      skip('L');
      return (int) value;
    }

    private void expect(char c) {
      if (!skip(c)) {
        throw fault("has no " + c + " at character " + at);
      }
    }

    private boolean skip(char c) {
      if (peek() != c) {
        return false;
      }
      at++;
      return true;
    }

    /** Returns the next character that is no white space, or 0 at the end. */
    private char peek() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private ModelException fault(String message) {
      return damage.damaged("the header of the array %s %s", array, message);
    }
  }
}
