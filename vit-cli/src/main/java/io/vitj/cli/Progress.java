package io.vitj.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A progress line with rate and time left on standard error, redrawn in place. Where standard error
 * is no terminal, or there are only a few steps, nothing is drawn.
 */
final class Progress implements AutoCloseable {
  /** Fewer steps than this end before a person has read the line. */
  private static final int FEW = 8;

  private static final int BAR = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final long total;
  private final boolean visible;
  private final long started;
  private long done;
  private long drawnAt;
  private boolean drawn;

  /**
   * Starts at zero steps.
   *
   * @param terminal where to draw
   * @param total the number of steps
   */
  Progress(Terminal terminal, long total) {
    this(terminal, total, System::nanoTime);
  }

  /**
   * Starts at zero steps, with a clock.
   *
   * @param terminal where to draw
   * @param total the number of steps
   * @param nanoTime the clock
   */
  Progress(Terminal terminal, long total, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.total = total;
    this.visible = terminal.progress() && total >= FEW;
    this.started = nanoTime.getAsLong();
    this.drawnAt = started - REDRAW_NANOS;
  }

  /**
   * Counts steps.
   *
   * @param steps how many were done since the last call
   */
  void advance(int steps) {
    done += steps;
    long now = nanoTime.getAsLong();
    if (visible && (now - drawnAt >= REDRAW_NANOS || done == total)) {
      terminal.err().print(CLEAR_LINE + line(seconds(now)));
      terminal.err().flush();
      drawnAt = now;
      drawn = true;
    }
  }

  /**
   * Prints an error above the line.
   *
   * @param message one line
   */
  void complain(String message) {
    erase();
    terminal.complain(message);
  }

  /** Takes the line away, for results that share the screen with it. */
  void erase() {
    if (drawn) {
      terminal.err().print(CLEAR_LINE);
      terminal.err().flush();
      drawn = false;
      drawnAt = nanoTime.getAsLong() - REDRAW_NANOS;
    }
  }

  /**
   * Returns the time since the start.
   *
   * @return seconds
   */
  double seconds() {
    return seconds(nanoTime.getAsLong());
  }

  private double seconds(long now) {
    return (now - started) / 1e9;
  }

  private String line(double seconds) {
    int filled = (int) (BAR * done / total);
    double rate = done / Math.max(seconds, 1e-9);
    return String.format(
        Locale.ROOT,
        "[%s%s] %d/%d  %.1f images/s  ETA %s",
        "#".repeat(filled),
        "-".repeat(BAR - filled),
        done,
        total,
        rate,
        clock((total - done) / Math.max(rate, 1e-9)));
  }

  private static String clock(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  @Override
  public void close() {
    erase();
  }
}
