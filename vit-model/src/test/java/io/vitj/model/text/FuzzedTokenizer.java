package io.vitj.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.Footprint;
import java.nio.file.Path;

/** What holds of a tokenizer whatever is in its files. */
final class FuzzedTokenizer {
  static final String TEXT = "A photo of ½ cats, Ａ＆Ｂ e\u0301 😀 <|endoftext|> </s>";
  private static final int LENGTH = 20;

  private FuzzedTokenizer() {}

  /** It works, or says in one line what is wrong, and takes no more memory than it promises. */
  static void isSound(Path folder, long fileBytes) {
    try {
      Footprint.assertBounded(fileBytes, arena -> Tokenizer.load(folder));
      assertThat(Tokenizer.load(folder).encode(TEXT, LENGTH)).hasSize(LENGTH);
    } catch (ModelException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
    }
  }
}
