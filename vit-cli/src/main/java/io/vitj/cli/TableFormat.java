package io.vitj.cli;

/** How a verb prints a table on standard output. */
enum TableFormat {
  /** For people. */
  TEXT,
  /** An array of objects. */
  JSON,
  /** A header and one record a row. */
  CSV;

  @Override
  public String toString() {
    return Choice.word(this);
  }
}
