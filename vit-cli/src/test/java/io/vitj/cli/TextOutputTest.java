package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextOutputTest {
  @Test
  void tablesAlignTheirColumns() {
    TextTable table = new TextTable("lr").row("class", "right").row("tabby cat", "7");
    assertThat(table.lines()).containsExactly("class      right", "tabby cat      7");
    assertThat(new TextTable("ll").row("é", "x").row("ab", "").lines())
        .containsExactly("é   x", "ab");
  }

  @Test
  void csvQuotesWhatItMust() {
    assertThat(CsvLine.of("a", 1, 0.5f)).isEqualTo("a,1,0.5");
    assertThat(CsvLine.of("tabby, tabby cat", "12\" disc", "two\nlines"))
        .isEqualTo("\"tabby, tabby cat\",\"12\"\" disc\",\"two\nlines\"");
  }
}
