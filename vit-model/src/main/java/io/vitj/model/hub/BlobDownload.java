package io.vitj.model.hub;

import io.vitj.model.ModelException;
import io.vitj.model.hub.HubClient.Answer;
import io.vitj.model.hub.HubClient.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Fetches the bytes of one file. They gather in a partial file, which a later run continues, and
 * become the blob only when their checksum is right.
 */
final class BlobDownload {
  private static final int BUFFER_BYTES = 1 << 18;

  /** So much at once shows that the connection works, and its failures count from none again. */
  private static final long PROGRESS_BYTES = 1 << 20;

  private final HubClient client;
  private final HubCache cache;
  private final String commit;
  private final String file;
  private final Metadata metadata;
  private final Duration firstPause;
  private final PullProgress progress;
  private final Path partial;

  /**
   * Prepares a download; nothing is sent.
   *
   * @param client asks the hub
   * @param cache where the blob goes
   * @param commit where the file is
   * @param file its name
   * @param metadata what the hub says about it
   * @param firstPause the pause after the first failure
   * @param progress watches
   */
  BlobDownload(
      HubClient client,
      HubCache cache,
      String commit,
      String file,
      Metadata metadata,
      Duration firstPause,
      PullProgress progress) {
    this.client = client;
    this.cache = cache;
    this.commit = commit;
    this.file = file;
    this.metadata = metadata;
    this.firstPause = firstPause;
    this.progress = progress;
    this.partial = cache.partial(metadata.etag());
  }

  /**
   * Fetches the blob, under its lock.
   *
   * @throws ModelException if that fails; what arrived is kept for the next time
   */
  void run() {
    try (FileChannel out =
        FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      boolean continued = out.size() > 0;
      fetch(out);
      String wrong = wrongChecksum();
      if (wrong != null && continued) {
        empty(out); // the part that was there already may be the wrong one
        fetch(out);
        wrong = wrongChecksum();
      }
      if (wrong != null) {
        empty(out);
        throw new ModelException(wrong);
      }
      HubCache.move(partial, cache.blob(metadata.etag()));
    } catch (IOException e) {
      throw HubCache.unwritable(partial, e);
    }
    progress.end(file);
  }

  private String wrongChecksum() {
    Optional<Checksum> checksum = Checksum.of(metadata.etag());
    String computed = checksum.map(c -> c.compute(partial)).orElse("");
    return checksum
        .filter(c -> !c.expected().equals(computed))
        .map(
            c ->
                "%s: the bytes that arrived have the checksum %s, not %s; run the same command again"
                    .formatted(file, computed, c.expected()))
        .orElse(null);
  }

  private void fetch(FileChannel out) throws IOException {
    long size = metadata.bytes();
    if (size >= 0 && out.size() > size) {
      empty(out);
    }
    requireSpace(size - out.size());
    out.position(out.size());
    progress.begin(file, size, out.position());
    Retries retries = new Retries(file, firstPause, progress);
    while (out.position() != size) {
      long before = out.position();
      try {
        if (transfer(out)) {
          return;
        }
      } catch (IOException e) {
        if (out.position() - before >= PROGRESS_BYTES) {
          retries.succeeded();
        }
        retries.failed(e);
      }
    }
  }

  /** A disk that is known to be too full is better found before an hour of download. */
  private void requireSpace(long bytes) throws IOException {
    long free = Files.getFileStore(partial).getUsableSpace();
    if (free > 0 && free < bytes) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s needs %.1f MB more and %.1f MB are free",
              file,
              bytes / 1e6,
              free / 1e6));
    }
  }

  /**
   * Asks for what is missing and takes what comes.
   *
   * @return false if the hub cannot go on from there, so that the partial file was emptied
   * @throws IOException if the connection broke
   */
  private boolean transfer(FileChannel out) throws IOException {
    try (Answer answer = client.open(commit, file, out.position())) {
      if (out.position() > 0 && !continues(answer, out.position())) {
        empty(out);
        progress.begin(file, metadata.bytes(), 0);
        if (answer.status() != 200) {
          return false;
        }
      }
      copy(answer, out);
    }
    if (metadata.bytes() >= 0 && out.position() < metadata.bytes()) {
      throw new IOException(
          "the connection ended after %d of %d bytes".formatted(out.position(), metadata.bytes()));
    }
    return true;
  }

  private static boolean continues(Answer answer, long position) {
    return answer.status() == 206
        && answer
            .headers()
            .firstValue("Content-Range")
            .filter(range -> range.startsWith("bytes " + position + '-'))
            .isPresent();
  }

  private void copy(Answer answer, FileChannel out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int count = answer.body().read(buffer);
    while (count >= 0) {
      write(out, ByteBuffer.wrap(buffer, 0, count));
      progress.advance(count);
      if (metadata.bytes() >= 0 && out.position() > metadata.bytes()) {
        throw new ModelException(
            "%s: more bytes arrive than the %d that the hub said"
                .formatted(file, metadata.bytes()));
      }
      count = answer.body().read(buffer);
    }
  }

  /** A full disk is no broken connection: trying again would not help. */
  private void write(FileChannel out, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw HubCache.unwritable(partial, e);
    }
  }

  private void empty(FileChannel out) {
    try {
      out.truncate(0);
    } catch (IOException e) {
      throw HubCache.unwritable(partial, e);
    }
  }
}
