/**
 * Reading Python's pickles without Python: tensors and plain containers become inert values, and
 * everything else is refused by name. Nothing here can run what a pickle asks for. Not exported.
 */
package io.vitj.model.checkpoint.pickle;
