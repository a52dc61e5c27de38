package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ModelExceptionTest {
  @Test
  void quotedTextStaysOnOneShortLine() {
    assertThat(ModelException.quote("a 'b' ü")).isEqualTo("'a 'b' ü'");
    assertThat(ModelException.quote("a\nb\u001b[31m\u2028"))
        .isEqualTo("'a\\u000ab\\u001b[31m\\u2028'");
    assertThat(ModelException.oneLine("x".repeat(1000))).hasSize(121).endsWith("x…");
  }

  @Test
  void reasonsLeaveOutTheName() {
    assertThat(ModelException.reason(new NoSuchFileException("x"))).contains("no such file");
    assertThat(ModelException.reason(new AccessDeniedException("x")))
        .isEqualTo("permission denied");
    assertThat(ModelException.reason(new FileSystemException("x", null, "full"))).isEqualTo("full");
    assertThat(ModelException.reason(new FileSystemException("x")))
        .isEqualTo("FileSystemException");
    assertThat(ModelException.reason(new IOException("cut\nshort"))).isEqualTo("cut\\u000ashort");
  }
}
