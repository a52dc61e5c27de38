/** The runner of the benchmarks, what they share, and their reports. */
package io.vitj.bench;
