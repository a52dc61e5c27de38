/** vitj's own file: a model in the order in which the kernels read it, mapped and not read. */
package io.vitj.model.packed;
