/**
 * Models by name. {@link io.vitj.model.hub.ModelResolver} turns what a user calls a model into a
 * path and never touches the network; {@link io.vitj.model.hub.ModelPull} fetches a model into the
 * cache that Hugging Face's own tools use.
 */
package io.vitj.model.hub;
