package io.vitj.model;

import io.vitj.tensor.Shape;

/**
 * One learned tensor of an architecture.
 *
 * @param name its canonical name, which is timm's
 * @param shape its shape; matrices are (out, in), the patch projection is (D, C, P, P)
 */
public record Parameter(String name, Shape shape) {}
