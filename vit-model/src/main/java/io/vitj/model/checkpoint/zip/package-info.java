/** Zip files as memory, read with suspicion. Not exported. */
package io.vitj.model.checkpoint.zip;
