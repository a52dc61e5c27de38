/** What an application calls: images in, labels or vectors out. Immutable and thread-safe. */
package io.vitj.model.pipeline;
