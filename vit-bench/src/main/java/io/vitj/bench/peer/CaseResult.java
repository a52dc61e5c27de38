package io.vitj.bench.peer;

import java.util.List;

/**
 * What was measured of one workload.
 *
 * @param kind a model or a product
 * @param workload its name
 * @param pixels the side of an image
 * @param batch images of an input
 * @param threads threads of every engine
 * @param flops the floating-point operations of the definition, for a batch
 * @param bytes operands and result, each moved once, in float32; 0 of a model
 * @param peak the FMA peak of as many cores, the median over the rounds, in GFLOP/s
 * @param bandwidth the rate that as many cores read memory at, before the rounds, in GB/s; 0 where
 *     it was not measured
 * @param neighbour how much of a core a busy neighbour had while the rounds ran, from 0 to 1; null
 *     without one
 * @param engines how each did, vitj first
 */
record CaseResult(
    Job.Kind kind,
    String workload,
    int pixels,
    int batch,
    int threads,
    long flops,
    long bytes,
    double peak,
    double bandwidth,
    Double neighbour,
    List<Standing> engines) {}
