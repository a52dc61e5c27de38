/**
 * The engine beside others, on the same weights and pixels.
 *
 * <h2>Workers</h2>
 *
 * Every engine runs in a process of its own, a worker, so that none shares threads, allocators or a
 * JIT compiler with another. A worker is started with
 *
 * <pre>
 * WORKER model|gemm DIRECTORY THREADS BATCH
 * </pre>
 *
 * and finds in the directory, B being the batch,
 *
 * <ul>
 *   <li>{@code model.safetensors}: the weights, timm's names; of a single product, {@code weight}
 *       (outputs, inputs)
 *   <li>{@code config.json} of a model, as timm writes it
 *   <li>{@code graph-B.onnx}: the same as an ONNX graph of one input and one output
 *   <li>{@code graph-int8-B.onnx} of a model: the same with products of 8-bit integers, where an
 *       engine wants it
 *   <li>{@code model.pt} of a model: the same as TorchScript, where an engine wants it
 *   <li>{@code input-B.f32}: the input as raw little-endian floats, (B, 3, H, W) of a model, (rows,
 *       inputs) of a product
 * </ul>
 *
 * <p>It reads commands from its standard input and answers each with one line on its standard
 * output:
 *
 * <table>
 *   <caption>The protocol</caption>
 *   <tr><th>command</th><th>answer</th></tr>
 *   <tr><td>(start)</td><td>{@code ready NAME VERSION}, once the model is loaded</td></tr>
 *   <tr><td>{@code check FILE}</td><td>{@code checked COUNT}: computes once and writes the output,
 *       so many raw little-endian floats</td></tr>
 *   <tr><td>{@code run N}</td><td>{@code ran T1 … TN}: computes N times; the latencies in
 *       nanoseconds, from the input in memory to outputs that can be read</td></tr>
 *   <tr><td>{@code tidy}</td><td>{@code tidied}: collects its garbage</td></tr>
 *   <tr><td>(end of input)</td><td>the worker ends</td></tr>
 * </table>
 *
 * <p>Instead of any answer, {@code failed MESSAGE} says in one line why the worker ends.
 *
 * <h2>Rounds</h2>
 *
 * Only one worker computes at a time. In a round every engine has one turn, and the order rotates,
 * forwards and backwards, so that a drift of the machine and what a predecessor leaves behind
 * cancel. What counts is the ratio of two engines within a round.
 *
 * <p>Between turns the next engine waits until the threads of the previous one are asleep. ONNX
 * Runtime's spin after a run, by default 2<sup>20</sup> pauses: 16 ms on AMD Zen, 50 ms on Intel
 * Skylake, up to 500 ms with {@code tpause} (its pull request 27916); OpenMP runtimes have 200 ms
 * as a default. No constant suits all, so the processor time of the process is watched: see {@link
 * io.vitj.bench.peer.WorkerProcess#settle}.
 */
package io.vitj.bench.peer;
