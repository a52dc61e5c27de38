package io.vitj.model.draw;

import java.util.Locale;

/**
 * Colours for numbers. But for grey they are perceptually uniform: equal steps of the number look
 * like equal steps, also in grey print and to the colour-blind.
 *
 * <p>Source: N. J. Smith and S. van der Walt, "A Better Default Colormap for Matplotlib" (SciPy,
 * 2015); every eighth of the 256 colours that they published under CC0 in {@code _cm_listed.py}
 * (the nearest to i·255/32), with straight lines between them, which differ from the others by less
 * than 2.5 of 255.
 */
public enum ColourMap {
  /** Violet over green to yellow. */
  VIRIDIS(
      "440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e"
          + "23898e21918c1f978b1f9f8821a68527ad8131b57b3dbc744cc26c5cc8636ece5881d34d95d840aadc32"
          + "c0df25d5e21aeae51afde725"),
  /** Black over red to light yellow. */
  INFERNO(
      "0000040403120b0724150b37210c4a2f0a5b3d09654a0c6b57106e64156e71196e7d1e6d8a226a972766a32c61"
          + "b0315bbc3754c63d4dd04545da4e3ce35933eb6429f1711ff67e14f98c0afb9b06fcaa0ffbba1ff9c932"
          + "f5d949f2e865f3f586fcffa4"),
  /** Black over magenta to light rose. */
  MAGMA(
      "0000040303120a0822130d341d114729115a36106b440f7651127c5d177f6a1c81762181832681902a819c2e7f"
          + "aa337db73779c23b75cf4070db476ae55064ee5b5ef4695cf9785dfb8761fd9668fea571feb47bfec287"
          + "fed194fde0a1fceeb0fcfdbf"),
  /** Black to white. */
  GREY("000000ffffff");

  private static final int DIGITS = 6; // of a colour

  private final String knots;

  ColourMap(String knots) {
    this.knots = knots;
  }

  /** The name as people write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the colour of a number.
   *
   * @param value from 0 to 1; what is beyond has the colour of the nearer end
   * @return 0xRRGGBB
   */
  public int rgb(double value) {
    int intervals = knots.length() / DIGITS - 1;
    double at = Math.clamp(value, 0.0, 1.0) * intervals;
    int knot = Math.min((int) at, intervals - 1);
    return Canvas.mix(colour(knot), colour(knot + 1), at - knot);
  }

  private int colour(int knot) {
    return Integer.parseInt(knots, knot * DIGITS, (knot + 1) * DIGITS, 16);
  }
}
