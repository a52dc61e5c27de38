/** Tensors as views of memory, their element types and shapes, and the operations of a layer. */
package io.vitj.tensor;
