package io.vitj.bench.peer;

import io.vitj.bench.Quartiles;
import java.util.List;

/**
 * How an engine did. Only {@code engine} and {@code failure} are there if it did not.
 *
 * @param engine its name
 * @param version its version
 * @param difference the largest difference of its output from vitj's, over the largest value
 * @param millis the latencies of all passes in ms
 * @param ratio the ratios of vitj's latency to this one's, one a round, each of the medians of a
 *     turn: below 1 vitj is faster; null for vitj
 * @param tail the 99th percentile of the latencies over their median
 * @param tailRatio the ratio of vitj's tail to this one's: below 1 vitj is steadier; null for vitj
 * @param gflops the operations of the definition over the median latency, in GFLOP/s
 * @param share that rate over the FMA peak, in %
 * @param memoryMib the resident memory of its process after the rounds and a garbage collection, in
 *     MiB; null where it is not told
 * @param peakMemoryMib the most that was resident before, in MiB; null where it is not told
 * @param turns the median latencies of all turns in ms
 * @param passes the latencies of all passes in ms, in order; null without a neighbour
 * @param failure one line that says why there are no numbers; null if there are
 */
record Standing(
    String engine,
    String version,
    Double difference,
    Quartiles millis,
    Quartiles ratio,
    Double tail,
    Double tailRatio,
    Double gflops,
    Double share,
    Double memoryMib,
    Double peakMemoryMib,
    List<Double> turns,
    List<Double> passes,
    String failure) {
  static Standing failed(String engine, String failure) {
    return new Standing(
        engine, null, null, null, null, null, null, null, null, null, null, null, null, failure);
  }

  boolean counts() {
    return failure == null;
  }
}
