package io.vitj.bench;

/**
 * What one operation of a benchmark does, from which rates follow.
 *
 * @param flops floating-point operations of the definition: 2 for each multiply-add of a matrix
 *     product; elsewhere 1 for each addition, multiplication, division, comparison, root or
 *     elementary function
 * @param bytes the least memory traffic, each tensor read or written once; 0 where it is not stated
 * @param roundings the rounded additions and multiplications in a row that lead to an element of
 *     the result; with them grows the difference between two providers
 */
public record Work(long flops, long bytes, long roundings) {
  /**
   * Describes an operation whose least memory traffic says nothing.
   *
   * @param flops floating-point operations
   * @param roundings the roundings that lead to an element
   * @return the work
   */
  public static Work arithmetic(long flops, long roundings) {
    return new Work(flops, 0, roundings);
  }
}
