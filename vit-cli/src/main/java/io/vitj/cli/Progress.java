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

  /** With the longest figures, such a label keeps the line within 80 columns. */
  private static final int LABEL = 18;

  private static final long REDRAW_NANOS = 100_000_000L;
  private static final String CLEAR_LINE = "\r\u001b[K";

  /** What a step is. */
  enum Unit {
    /** An image. */
    IMAGES(1, 24, "%.0f/%.0f", "%.1f images/s"),
    /** A byte. */
    BYTES(1e6, 16, "%.1f/%.1f MB", "%.1f MB/s");

    private final double scale;
    private final int bar;
    private final String count;
    private final String rate;

    Unit(double scale, int bar, String count, String rate) {
      this.scale = scale;
      this.bar = bar;
      this.count = count;
      this.rate = rate;
    }
  }

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final Unit unit;
  private final String label;
  private final long before;
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
    this(terminal, Unit.IMAGES, "", 0, total, System::nanoTime);
  }

  /**
   * Starts with what was done at an earlier time.
   *
   * @param terminal where to draw
   * @param unit what a step is
   * @param label what stands before the line, or nothing
   * @param before the number of steps done already
   * @param total the number of steps
   * @param nanoTime the clock
   */
  Progress(
      Terminal terminal, Unit unit, String label, long before, long total, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.unit = unit;
    this.label = label.length() > LABEL ? label.substring(0, LABEL - 1) + '…' : label;
    this.before = before;
    this.total = total;
    this.visible = terminal.progress() && total >= FEW;
    this.started = nanoTime.getAsLong();
    this.drawnAt = started - REDRAW_NANOS;
    this.done = before;
  }

  /**
   * Counts steps.
   *
   * @param steps how many were done since the last call
   */
  void advance(long steps) {
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
    int filled = (int) (unit.bar * done / total);
    double rate = (done - before) / Math.max(seconds, 1e-9);
    return (label.isEmpty() ? "" : label + ' ')
        + '['
        + "#".repeat(filled)
        + "-".repeat(unit.bar - filled)
        + "] "
        + String.format(Locale.ROOT, unit.count, done / unit.scale, total / unit.scale)
        + "  "
        + String.format(Locale.ROOT, unit.rate, rate / unit.scale)
        + "  ETA "
        + clock((total - done) / Math.max(rate, 1e-9));
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
