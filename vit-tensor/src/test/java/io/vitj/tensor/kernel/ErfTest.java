package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ErfTest {
  @ParameterizedTest
  @CsvFileSource(resources = "erf.csv", useHeadersInDisplayName = true)
  void hasTheStatedRelativeError(double x, double erf, double erfc) {
    assertThat(Erf.erf(x)).isEqualTo(erf, within(Math.abs(erf) * 1e-15));
    assertThat(Erf.erfc(x)).isEqualTo(erfc, within(erfc * 1e-13));
  }

  @Test
  void hasTheLimits() {
    assertThat(Erf.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(Erf.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(Erf.erf(-0.0)).isEqualTo(-0.0);
    assertThat(Erf.erf(Double.NaN)).isNaN();
    assertThat(Erf.erfc(Double.POSITIVE_INFINITY)).isZero();
    assertThat(Erf.erfc(Double.NEGATIVE_INFINITY)).isEqualTo(2);
    assertThat(Erf.erfc(Double.MAX_VALUE)).isZero();
    assertThat(Erf.erfc(Double.NaN)).isNaN();
  }
}
