/** Kernels on primitive arguments: the scalar specification, its SIMD forms, and their choice. */
package io.vitj.tensor.kernel;
