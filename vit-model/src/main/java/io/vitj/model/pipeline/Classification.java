package io.vitj.model.pipeline;

/**
 * One class that an image may show.
 *
 * @param index the index of the class in the model's head
 * @param label its name
 * @param score its probability by the model, in [0, 1]: softmax of the logits, or where classes are
 *     scored each for itself (SigLIP) the sigmoid of its own
 * @param logit the output of the head
 */
public record Classification(int index, String label, float score, float logit) {}
