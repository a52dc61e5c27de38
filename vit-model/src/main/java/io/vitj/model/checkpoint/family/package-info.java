/**
 * Families of checkpoints, one file each: how their config becomes a {@link
 * io.vitj.model.ViTConfig}, and a table of rules from the names in their files to canonical names.
 */
package io.vitj.model.checkpoint.family;
