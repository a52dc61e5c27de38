package io.vitj.model.hub;

import java.io.IOException;
import java.nio.file.Path;

/** A process that holds a lock until its standard input ends. */
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] args) {
    HubLock.locked(
        Path.of(args[0]),
        () -> {},
        () -> {
          System.out.println("locked");
          try {
            System.in.readAllBytes();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
