package io.vitj.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The body of an answer that fails when nothing arrives for too long. {@link java.net.http} bounds
 * the time to the first byte only, and a connection whose other end is gone can stay silent for
 * ever.
 */
final class StallGuard extends InputStream {
  private final InputStream body;
  private final Duration limit;
  private final Thread watch;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean reading;
  private volatile boolean stalled;

  /**
   * Starts to watch.
   *
   * @param body the body; it fails in the reading thread when another one closes it
   * @param limit how long it may be silent
   */
  StallGuard(InputStream body, Duration limit) {
    this.body = body;
    this.limit = limit;
    this.watch = Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        long silent = System.nanoTime() - lastNanos;
        long left = limit.toNanos() - silent;
        if (left <= 0 && reading) {
          stalled = true;
          body.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(Math.max(left, limit.toNanos() / 8)));
      }
    } catch (InterruptedException | IOException finished) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    lastNanos = System.nanoTime();
    reading = true;
    try {
      int count = body.read(bytes, offset, length);
      if (!stalled) {
        return count;
      }
    } catch (IOException e) {
      if (!stalled) {
        throw e;
      }
    } finally {
      reading = false;
    }
    throw new IOException("nothing arrived for " + seconds(limit));
  }

  /**
   * Writes a time for a message.
   *
   * @param time the time
   * @return such as {@code 10 s}
   */
  static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    body.close();
  }
}
