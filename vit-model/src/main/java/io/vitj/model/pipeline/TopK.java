package io.vitj.model.pipeline;

import io.vitj.model.ModelException;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.ints.IntHeapPriorityQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The most likely classes. */
final class TopK {
  private TopK() {}

  /**
   * Selects classes by logit.
   *
   * @param logits one for each class
   * @param labels one for each class
   * @param k how many, 1 to the number of classes
   * @param sigmoid whether the score of a class is the sigmoid of its logit, or the softmax of all
   * @return the k classes of the largest logits, largest first; of equal logits the lower index
   * @throws ModelException if a logit is NaN or infinite
   */
  static List<Classification> of(float[] logits, List<String> labels, int k, boolean sigmoid) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      if (!Float.isFinite(logits[i])) {
        throw new ModelException(
            "the logit of class " + i + " is " + logits[i] + "; are the model's weights intact?");
      }
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    // The heap holds the best k so far, the worst of them on top.
    IntComparator worstFirst =
        (a, b) -> logits[a] != logits[b] ? Float.compare(logits[a], logits[b]) : b - a;
    IntHeapPriorityQueue best = new IntHeapPriorityQueue(k + 1, worstFirst);
    for (int i = 0; i < logits.length; i++) {
      best.enqueue(i);
      if (best.size() > k) {
        best.dequeueInt();
      }
    }
    List<Classification> result = new ArrayList<>(k);
    while (!best.isEmpty()) {
      int i = best.dequeueInt();
      double score = sigmoid ? 1 / (1 + Math.exp(-logits[i])) : Math.exp(logits[i] - max) / sum;
      result.add(new Classification(i, labels.get(i), (float) score, logits[i]));
    }
    Collections.reverse(result);
    return Collections.unmodifiableList(result);
  }
}
