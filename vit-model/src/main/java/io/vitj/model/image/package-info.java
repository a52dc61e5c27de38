/**
 * From an encoded picture to a model's {@code pixel_values}: decoding, Pillow-exact resampling, and
 * the preprocessing that a checkpoint's configuration asks for.
 */
package io.vitj.model.image;
