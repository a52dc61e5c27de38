/** Benchmarks of single operations at the shapes of models. */
package io.vitj.bench.kernel;
