/**
 * Checkpoint files as named tensors: what they are called, their types, shapes and bytes. Nothing
 * here knows a model.
 */
package io.vitj.model.checkpoint;
