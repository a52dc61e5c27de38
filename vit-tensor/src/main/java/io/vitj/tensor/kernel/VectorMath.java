package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
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
 * other but exp; and constants are the JDK's broadcast, which is always inlined.
 */
final class VectorMath {
  /** Below it e^x is flushed to zero: 2ⁿ with n = −127 has the bits of 0. */
  private static final float EXP_MIN = -88f;

  /**
   * 1.5·2²³ + 127: adding it rounds a float below 2²² to an integer in the low bits, with the bias
   * of a float's exponent.
   */
  private static final float ROUND = 0x1.8p23f + 127;

  /** From here on e^Q is flushed to zero, and below nothing overflows. */
  private static final float TAIL_END = 13f;

  private static final float LOG2_E = 1.4426950408889634f;

  /** ln 2 in two parts (Cody and Waite); the first has 9 bits, so n · LN2_HIGH is exact. */
  private static final float LN2_HIGH = 0.693359375f;

  private static final float LN2_LOW = -2.12194440e-4f;

  private VectorMath() {}

  /**
   * eˣ of x ≤ 0 with error at most 1.051 ulp where it is a normal number; 0 below −88, NaN for NaN.
   * Most uses have no positive arguments, so the others are written without: above 88 the result
   * means nothing.
   *
   * <p>With n = ⌊x/ln 2⌉ and r = x − n ln 2, |r| ≤ ln 2/2: eˣ = 2ⁿ + 2ⁿ·(r + r²·P(r)), P of degree
   * 4, approximation error 3.2e-9.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.blend(EXP_MIN, x.compare(VectorOperators.LT, EXP_MIN));
    FloatVector shifted = clamped.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, ROUND));
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(broadcast(SPECIES, -LN2_HIGH), clamped);
    r = n.fma(broadcast(SPECIES, -LN2_LOW), r);
    FloatVector square = r.mul(r);
    FloatVector p = r.fma(broadcast(SPECIES, 8.368953e-3f), broadcast(SPECIES, 4.1666206e-2f));
    p = square.fma(broadcast(SPECIES, 1.3950602e-3f), p);
    p = square.fma(p, r.fma(broadcast(SPECIES, 1.6666518e-1f), broadcast(SPECIES, 0.5f)));
    p = square.fma(p, r);
    FloatVector power =
        shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    return p.fma(power, power);
  }

  /**
   * Φ(−t) of t ≥ 0, the upper tail of the standard normal distribution, with error at most 2.5 · u
   * · (1 − ln Φ(−t)) · Φ(−t) + 2e-11; 0 from 13 on, NaN for NaN.
   *
   * <p>As e^Q(t), Q ≈ ln Φ(−t) of degree 10 on [0, 5.8] in pairs (Estrin's scheme), since a chain
   * of ten would take longer than the processor finds other work for.
   */
  static FloatVector normalTail(FloatVector x) {
    FloatVector t = x.blend(TAIL_END, x.compare(VectorOperators.GT, TAIL_END));
    FloatVector z = t.mul(t);
    FloatVector q0 = t.fma(broadcast(SPECIES, -0.79788476f), broadcast(SPECIES, -0.6931472f));
    FloatVector q2 = t.fma(broadcast(SPECIES, -0.036342967f), broadcast(SPECIES, -0.3183078f));
    FloatVector q4 = t.fma(broadcast(SPECIES, 2.9996447e-5f), broadcast(SPECIES, 4.7937543e-3f));
    FloatVector q6 = t.fma(broadcast(SPECIES, 6.21798e-5f), broadcast(SPECIES, -2.1592885e-4f));
    FloatVector q8 = t.fma(broadcast(SPECIES, 8.655417e-7f), broadcast(SPECIES, -9.768653e-6f));
    q8 = z.fma(broadcast(SPECIES, -3.3822296e-8f), q8);
    q4 = z.fma(q6, q4);
    q0 = z.fma(q2, q0);
    z = z.mul(z);
    return exp(z.fma(q8, q4).fma(z, q0));
  }

  /**
   * tanh(x) with error at most 1.512 ulp everywhere; NaN for NaN.
   *
   * <p>For |x| &lt; 0.625: x + x³·P(x²), P of degree 4, approximation error 4.1e-9. Beyond: (1 − e)
   * / (1 + e) with e = e^(−2|x|).
   */
  static FloatVector tanh(FloatVector x) {
    FloatVector t = x.abs();
    FloatVector e = exp(t.mul(-2f));
    FloatVector z = x.mul(x);
    FloatVector p = broadcast(SPECIES, -5.7170433e-3f);
    p = p.fma(z, broadcast(SPECIES, 2.0650586e-2f));
    p = p.fma(z, broadcast(SPECIES, -5.3743497e-2f));
    p = p.fma(z, broadcast(SPECIES, 1.3331491e-1f));
    p = p.fma(z, broadcast(SPECIES, -3.3333284e-1f));
    FloatVector small = p.mul(z).fma(x, x);
    FloatVector large = broadcast(SPECIES, 1f).sub(e).div(e.add(1f));
    large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
    return small.blend(large, t.compare(VectorOperators.GE, 0.625f));
  }

  /**
   * σ(x) = 1/(1 + e⁻ˣ) with error at most 2.402 ulp where the result is a normal number; 0 below
   * −88, NaN for NaN. As 1/(1 + e) and, for negative x, e/(1 + e), with e = e^(−|x|).
   */
  static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    return e.blend(1f, x.compare(VectorOperators.GE, 0f)).div(e.add(1f));
  }
}
