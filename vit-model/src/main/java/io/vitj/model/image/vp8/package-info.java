/**
 * Decodes a VP8 key frame, the lossy half of WebP, to RGB: bit for bit what libwebp makes of it.
 * Not exported.
 *
 * <p>Source: RFC 6386 for the bitstream; libwebp for what lies beyond it (chroma upsampling,
 * conversion to RGB, when data counts as cut short).
 */
package io.vitj.model.image.vp8;
