/**
 * Layers of a Vision Transformer for inference.
 *
 * <p>A layer holds its weights and nothing else: it is immutable and shared by any number of
 * threads. What changes during a forward pass (the tensors between layers, the worker threads) is
 * in an {@link io.vitj.nn.ExecutionContext}, one for each pass at a time.
 *
 * <p>Shapes: B images, T tokens, D embedding width, H heads, N patches, C channels, P patch side, M
 * hidden width of the MLP. Weights are as PyTorch stores them, (out, in).
 */
package io.vitj.nn;
