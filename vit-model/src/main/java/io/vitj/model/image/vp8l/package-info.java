/**
 * Decodes VP8L, the lossless half of WebP, to RGB. Not exported.
 *
 * <p>Source: RFC 9649, section 3.
 */
package io.vitj.model.image.vp8l;
