package io.vitj.model.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LetteringTest {
  private static int[] drawn(String text) {
    Canvas canvas = new Canvas(Lettering.width(text) + 2, Lettering.HEIGHT, 0xffffff);
    Lettering.draw(canvas, text, 1, 0, 0x000000);
    return canvas.pixels;
  }

  private static long ink(String text) {
    return IntStream.of(drawn(text)).filter(rgb -> rgb != 0xffffff).count();
  }

  @Test
  void everyLetterButTheBlankLeavesInk() {
    String letters =
        IntStream.rangeClosed('!', '~').mapToObj(Character::toString).reduce("", String::concat)
            + "–·×…";
    for (int i = 0; i < letters.length(); i++) {
      String letter = letters.substring(i, i + 1);
      assertThat(ink(letter)).as(letter).isPositive();
      assertThat(drawn(letter)).as(letter).isNotEqualTo(i == 0 ? drawn("?") : drawn("!"));
    }
    assertThat(ink(" ")).isZero();
    assertThat(Lettering.width(" ")).isPositive();
  }

  @Test
  void widthsAddUp() {
    assertThat(Lettering.width("layer 3"))
        .isEqualTo(Lettering.width("layer ") + Lettering.width("3"));
    assertThat(Lettering.width("")).isZero();
    assertThat(Lettering.width("i")).isLessThan(Lettering.width("m"));
  }

  @Test
  void unknownLettersBecomeQuestionMarks() {
    assertThat(drawn("猫\n")).isEqualTo(drawn("??"));
  }

  @Test
  void aTextThatIsTooWideIsCut() {
    int room = Lettering.width("layer 11, he");
    assertThat(Lettering.cut("layer 11, head 3", room))
        .startsWith("layer 11")
        .endsWith("…")
        .satisfies(cut -> assertThat(Lettering.width(cut)).isLessThanOrEqualTo(room));
    assertThat(Lettering.cut("layer 11, he", room)).isEqualTo("layer 11, he");
    assertThat(Lettering.cut("layer", 0)).isEqualTo("…");
  }
}
