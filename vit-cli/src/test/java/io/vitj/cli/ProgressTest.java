package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter err = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  private Progress progress(boolean terminal, long total) {
    PrintWriter out = new PrintWriter(Writer.nullWriter());
    Terminal streams = new Terminal(out, new PrintWriter(err), false, false, terminal);
    return new Progress(streams, Progress.Unit.IMAGES, "", 0, total, clock::get);
  }

  private Progress download(String file, long present) {
    PrintWriter out = new PrintWriter(Writer.nullWriter());
    Terminal streams = new Terminal(out, new PrintWriter(err), false, false, true);
    return new Progress(streams, Progress.Unit.BYTES, file, present, 400_000_000L, clock::get);
  }

  @Test
  void bytesThatWereThereDoNotCountAsSpeed() {
    Progress progress = download("model.safetensors", 100_000_000);
    clock.set(2_000_000_000L);
    progress.advance(100_000_000);
    assertThat(err.toString())
        .endsWith("model.safetensors [########--------] 200.0/400.0 MB  50.0 MB/s  ETA 0:04");
  }

  @Test
  void aLongLabelIsShortened() {
    Progress progress = download("model-00001-of-00002.safetensors", 0);
    progress.advance(1);
    assertThat(err.toString()).contains("model-00001-of-00… [");
  }

  @Test
  void showsCountRateAndTimeLeft() {
    Progress progress = progress(true, 100);
    clock.set(2_000_000_000L);
    progress.advance(25);
    assertThat(err.toString()).endsWith("25/100  12.5 images/s  ETA 0:06");
    assertThat(err.toString()).contains("[######------------------]");
  }

  @Test
  void longWaitsHaveHours() {
    Progress progress = progress(true, 10_000);
    clock.set(3_600_000_000_000L);
    progress.advance(5_000);
    assertThat(err.toString()).endsWith("ETA 1:00:00");
  }

  @Test
  void isRedrawnTenTimesASecondAtMost() {
    Progress progress = progress(true, 1000);
    for (int i = 0; i < 500; i++) {
      clock.addAndGet(1_000_000);
      progress.advance(1);
    }
    assertThat(err.toString().split("\r", -1)).hasSizeBetween(5, 7);
  }

  @Test
  void isTakenAwayForMessagesAndAtTheEnd() {
    Progress progress = progress(true, 100);
    progress.advance(1);
    progress.complain("bad.png: broken");
    assertThat(err.toString()).endsWith("\r\u001b[Kvit: bad.png: broken" + System.lineSeparator());
    clock.set(200_000_000L);
    progress.advance(1);
    progress.close();
    assertThat(err.toString()).endsWith("\r\u001b[K");
  }

  @Test
  void staysSilentWithoutATerminalOrForAFewImages() {
    progress(false, 100).advance(50);
    progress(true, 3).advance(3);
    assertThat(err.toString()).isEmpty();
  }
}
