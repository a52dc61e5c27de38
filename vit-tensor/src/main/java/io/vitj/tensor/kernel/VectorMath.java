package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Elementary functions of a vector. The polynomials are minimax fits made for this class by
 * iteratively reweighted least squares (Lawson's method); the stated approximation errors are those
 * of the fits. The largest errors in units in the last place (ulp) include rounding and were
 * measured on all floats of the domain; tests hold them on every 97th.
 *
 * <p>C2 keeps a vector in a register only while every method it passes through is inlined, and
 * stops inlining ordinary methods once a graph has NodeCountInliningCutoff nodes, some fifty vector
 * operations. So each function here is called first in its loop, once in a method, and calls no
 * other but exp.
 */
final class VectorMath {
  /** ln of the largest finite float; above it exp is infinite. */
  private static final float EXP_MAX = 88.72283f;

  /** ln 2⁻¹²⁶; below it exp is a denormal and flushed to zero. */
  private static final float EXP_MIN = -87.33654f;

  /** 1.5·2²³: adding it rounds a float below 2²² to an integer in the low bits. */
  private static final float ROUND = 0x1.8p23f;

  private static final float LOG2_E = 1.4426950408889634f;

  /** ln 2 in two parts (Cody and Waite); the first has 9 bits, so n · LN2_HIGH is exact. */
  private static final float LN2_HIGH = 0.693359375f;

  private static final float LN2_LOW = -2.12194440e-4f;

  private VectorMath() {}

  /**
   * eˣ with error at most 1.051 ulp on [−87.33654, 88.72283]; 0 below, ∞ above, NaN for NaN.
   *
   * <p>With n = ⌊x/ln 2⌉ and r = x − n ln 2, |r| ≤ ln 2/2: eˣ = 2ⁿ·(1 + r + r²·P(r)), P of degree
   * 4, approximation error 3.2e-9.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(broadcast(LOG2_E), broadcast(ROUND));
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(broadcast(-LN2_HIGH), x);
    r = n.fma(broadcast(-LN2_LOW), r);
    FloatVector p = broadcast(1.3950602e-3f);
    p = p.fma(r, broadcast(8.368953e-3f));
    p = p.fma(r, broadcast(4.1666206e-2f));
    p = p.fma(r, broadcast(1.6666518e-1f));
    p = p.fma(r, broadcast(0.5f));
    p = p.mul(r).fma(r, r).add(1f);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    scaled = scaled.blend(0f, x.compare(VectorOperators.LT, EXP_MIN));
    scaled = scaled.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, EXP_MAX));
    return scaled.blend(x, x.test(VectorOperators.IS_NAN));
  }

  /**
   * erf(x) with error at most 1.187 ulp everywhere; NaN for NaN.
   *
   * <p>For |x| &lt; 1: x + x·P(x²), P of degree 6, approximation error 1.2e-9. Beyond: 1 − e^Q(|x|)
   * with Q ≈ ln erfc of degree 6 on [1, 4], where an error of Q is multiplied by erfc(x) ≤ 0.16;
   * 1.1e-9. From 4 on erf(x) rounds to 1.
   */
  static FloatVector erf(FloatVector x) {
    FloatVector t = x.abs();
    FloatVector z = x.mul(x);
    FloatVector p = broadcast(7.889122e-5f);
    p = p.fma(z, broadcast(-8.020842e-4f));
    p = p.fma(z, broadcast(5.1895352e-3f));
    p = p.fma(z, broadcast(-2.6854444e-2f));
    p = p.fma(z, broadcast(1.12836e-1f));
    p = p.fma(z, broadcast(-3.7612626e-1f));
    p = p.fma(z, broadcast(1.2837917e-1f));
    FloatVector small = p.fma(x, x);

    FloatVector q = broadcast(1.8557422e-4f);
    q = q.fma(t, broadcast(-2.9396093e-3f));
    q = q.fma(t, broadcast(2.1805326e-2f));
    q = q.fma(t, broadcast(-1.0303739e-1f));
    q = q.fma(t, broadcast(-6.3822567e-1f));
    q = q.fma(t, broadcast(-1.12704e0f));
    q = q.fma(t, broadcast(-3.537170e-4f));
    FloatVector large = broadcast(1f).sub(exp(q));
    large = large.blend(1f, t.compare(VectorOperators.GE, 4f));
    large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
    return small.blend(large, t.compare(VectorOperators.GE, 1f));
  }

  /**
   * tanh(x) with error at most 1.333 ulp everywhere; NaN for NaN.
   *
   * <p>For |x| &lt; 0.625: x + x³·P(x²), P of degree 4, approximation error 4.1e-9. Beyond: 1 −
   * 2/(1 + e^(2|x|)).
   */
  static FloatVector tanh(FloatVector x) {
    FloatVector t = x.abs();
    FloatVector z = x.mul(x);
    FloatVector p = broadcast(-5.7170433e-3f);
    p = p.fma(z, broadcast(2.0650586e-2f));
    p = p.fma(z, broadcast(-5.3743497e-2f));
    p = p.fma(z, broadcast(1.3331491e-1f));
    p = p.fma(z, broadcast(-3.3333284e-1f));
    FloatVector small = p.mul(z).fma(x, x);
    FloatVector large = broadcast(1f).sub(broadcast(2f).div(exp(t.add(t)).add(1f)));
    large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
    return small.blend(large, t.compare(VectorOperators.GE, 0.625f));
  }

  /**
   * σ(x) = 1/(1 + e⁻ˣ) with error at most 2.481 ulp, 1.499 for positive x, where the result is a
   * normal number; 0 below −88.72283, NaN for NaN.
   */
  static FloatVector sigmoid(FloatVector x) {
    return broadcast(1f).div(exp(x.neg()).add(1f));
  }
}
