/** Files as memory, and the words for their faults. Not exported. */
package io.vitj.model.checkpoint.bytes;
