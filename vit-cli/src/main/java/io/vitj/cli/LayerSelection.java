package io.vitj.cli;

import io.vitj.model.pipeline.ImageFeatures;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The layers whose features are wanted.
 *
 * @param all whether all are
 * @param indices else which, from 0, or from the end as -1; with commas between them
 */
record LayerSelection(boolean all, String indices) {
  private static final Pattern INDICES = Pattern.compile("-?\\d{1,9}(,-?\\d{1,9})*");

  /** Reads the words of the command line. */
  static final class Converter implements ITypeConverter<LayerSelection> {
    @Override
    public LayerSelection convert(String text) {
      if (text.equals("all")) {
        return new LayerSelection(true, "");
      }
      if (!INDICES.matcher(text).matches()) {
        throw new TypeConversionException(
            "'" + text + "' is neither all nor layers such as 3 or -4,-1");
      }
      return new LayerSelection(false, text);
    }
  }

  /** The words of the command line, for messages. */
  @Override
  public String toString() {
    return all ? "all" : indices;
  }

  /**
   * Tells a pipeline.
   *
   * @param builder its settings
   */
  void apply(ImageFeatures.Builder builder) {
    if (all) {
      builder.allLayers();
    } else {
      builder.layers(Stream.of(indices.split(",", -1)).mapToInt(Integer::parseInt).toArray());
    }
  }
}
