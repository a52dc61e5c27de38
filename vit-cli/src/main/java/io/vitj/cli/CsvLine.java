package io.vitj.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Lines of comma-separated values (RFC 4180, with the line ending of the stream). */
final class CsvLine {
  private CsvLine() {}

  /**
   * Joins fields.
   *
   * @param fields the values; text with a comma, a quote or a line break is quoted
   * @return one record, without line ending
   */
  static String of(Object... fields) {
    return Arrays.stream(fields)
        .map(String::valueOf)
        .map(CsvLine::quote)
        .collect(Collectors.joining(","));
  }

  private static String quote(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
