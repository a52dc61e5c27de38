/** Architectures: configurations, presets, weights and the Vision Transformer itself. */
package io.vitj.model;
