/** Drawings of reports. */
package io.vitj.bench.chart;
