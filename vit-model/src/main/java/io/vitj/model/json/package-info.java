/** Reading JSON that a user gave: typed access and messages that name the key. Not exported. */
package io.vitj.model.json;
