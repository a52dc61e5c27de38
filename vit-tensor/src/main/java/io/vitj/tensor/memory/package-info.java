/** Workspace planning: named regions with lifetimes share one allocation. */
package io.vitj.tensor.memory;
