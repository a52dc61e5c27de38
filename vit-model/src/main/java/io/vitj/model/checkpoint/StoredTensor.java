package io.vitj.model.checkpoint;

import io.vitj.tensor.Shape;

/**
 * What a checkpoint file says about one tensor.
 *
 * @param name its name in the file
 * @param type its element type
 * @param shape its shape
 */
public record StoredTensor(String name, StorageType type, Shape shape) {}
