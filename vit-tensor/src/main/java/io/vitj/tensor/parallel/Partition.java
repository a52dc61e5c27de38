package io.vitj.tensor.parallel;

/**
 * Cuts 0 … n − 1 into nearly equal consecutive ranges: their lengths differ by at most one, the
 * longer ones first. Workers take them in this order, so who comes last has a short one left
 * (Graham, "Bounds on Multiprocessing Timing Anomalies", 1969): 12 panels in 8 ranges take two
 * workers 6 steps, and 7 where longer and shorter ranges alternate.
 */
public final class Partition {
  /** Pieces per worker: enough that a worker that is held up leaves little for the others. */
  private static final int PIECES_PER_WORKER = 4;

  private Partition() {}

  /**
   * Returns how many pieces to cut work into.
   *
   * @param n units of work that cannot be cut
   * @param workers the threads to share it
   * @return at most n; one for a single worker, who gains nothing from pieces
   */
  public static int pieces(int n, int workers) {
    return workers == 1 ? Math.min(n, 1) : Math.min(n, workers * PIECES_PER_WORKER);
  }

  /**
   * Returns where a piece starts; piece i ends where piece i + 1 starts.
   *
   * @param n units of work
   * @param pieces the number of pieces
   * @param index the piece, 0 … pieces; at pieces the result is n
   * @return the first unit of the piece
   */
  public static int start(int n, int pieces, int index) {
    return n / pieces * index + Math.min(index, n % pieces);
  }
}
