package io.vitj.model.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Keeps two downloads of the same bytes apart, in this process and between processes. The locked
 * file stays behind: deleting one that another process waits for would split them.
 *
 * <p>Hugging Face's tools lock the same file; on Windows that excludes one another, elsewhere Java
 * and Python take kinds of lock that do not see each other. Nothing depends on it there, because
 * the two never write to the same partial file and both move complete ones into place.
 */
final class HubLock {
  private static final Duration POLL = Duration.ofMillis(100);

  private HubLock() {}

  /**
   * Runs something while holding a lock.
   *
   * @param file the file to lock; made if it is not there
   * @param waiting is run once if somebody else holds the lock
   * @param action what to run
   */
  static void locked(Path file, Runnable waiting, Runnable action) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (!tryLock(channel)) {
        waiting.run();
        do {
          Retries.sleep(POLL);
        } while (!tryLock(channel));
      }
      action.run();
    } catch (IOException e) {
      throw HubCache.unwritable(file, e);
    }
  }

  /** The lock ends with the channel. */
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }
}
