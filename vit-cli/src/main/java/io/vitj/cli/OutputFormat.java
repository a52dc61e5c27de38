package io.vitj.cli;

/** How a verb prints results on standard output. */
enum OutputFormat {
  /** For people. */
  TEXT,
  /** One JSON value. */
  JSON;

  @Override
  public String toString() {
    return Choice.word(this);
  }
}
