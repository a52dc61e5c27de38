/** JMH benchmarks and comparisons. */
module io.vitj.bench {
  requires io.vitj.model;
}
