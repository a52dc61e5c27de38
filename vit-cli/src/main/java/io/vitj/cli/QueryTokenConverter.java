package io.vitj.cli;

import io.vitj.model.pipeline.QueryToken;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads which token is asked: a word, or a pixel of the photo. */
final class QueryTokenConverter implements ITypeConverter<QueryToken> {
  private static final Pattern PIXEL = Pattern.compile("(\\d{1,9}),(\\d{1,9})");

  @Override
  public QueryToken convert(String text) {
    Matcher pixel = PIXEL.matcher(text);
    if (pixel.matches()) {
      return QueryToken.at(Integer.parseInt(pixel.group(1)), Integer.parseInt(pixel.group(2)));
    }
    return switch (text) {
      case "cls" -> QueryToken.CLASS;
      case "dist" -> QueryToken.DISTILLATION;
      case "patches" -> QueryToken.PATCHES;
      case "pool" -> QueryToken.PROBE;
      default ->
          throw new TypeConversionException(
              "'" + text + "' is none of cls, dist, patches, pool and no pixel such as 120,80");
    };
  }
}
