/** Elements at regular distances in memory, in whatever order a file has them. Not exported. */
package io.vitj.model.checkpoint.strided;
