/** Text to token ids, as the tokenizers of CLIP and SigLIP do it. */
package io.vitj.model.text;
