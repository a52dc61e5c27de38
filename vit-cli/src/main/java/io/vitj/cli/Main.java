package io.vitj.cli;

/** Entry point of the {@code vit} launcher. */
public final class Main {
  private Main() {}

  /**
   * Runs the command and exits with its code: 0 done, 1 failed, 2 wrong usage.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(new VitCommand(Terminal.detect(), System.in).execute(args));
  }
}
