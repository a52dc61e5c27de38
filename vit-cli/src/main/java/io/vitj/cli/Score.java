package io.vitj.cli;

import io.vitj.model.pipeline.Classification;
import java.util.List;
import java.util.stream.IntStream;

/** Counts right answers, class by class. */
final class Score {
  /**
   * Counts of images.
   *
   * @param images how many there were
   * @param top1 how many had their class first
   * @param top5 how many had their class among all predictions
   */
  record Tally(int images, int top1, int top5) {
    private Tally plus(Tally other) {
      return new Tally(images + other.images, top1 + other.top1, top5 + other.top5);
    }
  }

  private static final Tally NONE = new Tally(0, 0, 0);

  private final Tally[] tallies;

  /**
   * Starts with no images.
   *
   * @param classes the number of classes
   */
  Score(int classes) {
    tallies = new Tally[classes];
    java.util.Arrays.fill(tallies, NONE);
  }

  /**
   * Counts one image.
   *
   * @param classIndex its class
   * @param predictions the five best predictions, best first
   */
  void add(int classIndex, List<Classification> predictions) {
    boolean first = predictions.getFirst().index() == classIndex;
    boolean any = predictions.stream().anyMatch(p -> p.index() == classIndex);
    tallies[classIndex] = tallies[classIndex].plus(new Tally(1, first ? 1 : 0, any ? 1 : 0));
  }

  /**
   * Lists the classes that images were counted for.
   *
   * @return class indices, ascending
   */
  int[] classesSeen() {
    return IntStream.range(0, tallies.length).filter(i -> tallies[i].images() > 0).toArray();
  }

  /**
   * Returns the counts of one class.
   *
   * @param classIndex the class
   * @return its counts
   */
  Tally of(int classIndex) {
    return tallies[classIndex];
  }

  /**
   * Returns the counts of all classes together.
   *
   * @return the sums
   */
  Tally total() {
    return java.util.Arrays.stream(tallies).reduce(NONE, Tally::plus);
  }
}
