package io.vitj.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads an option that is one of a few words, in any case.
 *
 * @param <E> their type
 */
final class Choice<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  /**
   * Makes a converter.
   *
   * @param type its constants are the words, by {@link Object#toString}
   */
  Choice(Class<E> type) {
    this.type = type;
  }

  /**
   * Returns the word for a value.
   *
   * @param value the value
   * @return its name in lower case
   */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public E convert(String text) {
    for (E value : type.getEnumConstants()) {
      if (value.toString().equalsIgnoreCase(text)) {
        return value;
      }
    }
    String words =
        Arrays.stream(type.getEnumConstants()).map(E::toString).collect(Collectors.joining(", "));
    throw new TypeConversionException("'" + text + "' is none of " + words);
  }
}
