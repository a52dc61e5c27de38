/** Benchmarks of whole models. */
package io.vitj.bench.model;
