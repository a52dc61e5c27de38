package io.vitj.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The size of an input.
 *
 * @param height in pixels
 * @param width in pixels
 */
record ImageSize(int height, int width) {
  private static final Pattern SIDES =
      Pattern.compile("([1-9][0-9]{0,5})(?:[xX×]([1-9][0-9]{0,5}))?");

  /** Reads {@code N}, a square, or {@code HxW}. */
  static final class Converter implements ITypeConverter<ImageSize> {
    @Override
    public ImageSize convert(String text) {
      Matcher sides = SIDES.matcher(text);
      if (!sides.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no size in pixels such as 384 or 224x320 (height x width)");
      }
      int height = Integer.parseInt(sides.group(1));
      return new ImageSize(
          height, sides.group(2) == null ? height : Integer.parseInt(sides.group(2)));
    }
  }
}
