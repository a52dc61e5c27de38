/** Benchmarks of layers. */
package io.vitj.bench.layer;
