package dev.gyre.annotation.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShareTest {

    /// statsmodels: proportion_confint(27, 40, method="wilson"), (0, 10) and (10, 10).
    @Test
    void intervalIsWilsons() {
        assertThat(Share.of(27, 40).value()).isEqualTo(0.675);
        assertThat(Share.of(27, 40).low()).isCloseTo(0.5201774618987767, within(1e-9));
        assertThat(Share.of(27, 40).high()).isCloseTo(0.7991549776821731, within(1e-9));
        assertThat(Share.of(0, 10).low()).isZero();
        assertThat(Share.of(0, 10).high()).isCloseTo(0.27753279986288926, within(1e-9));
        assertThat(Share.of(10, 10).high()).isEqualTo(1);
    }

    @Test
    void halfOfManyIsLeftOutOnlyByAClearMajority() {
        assertThat(Share.of(27, 40).excludes(0.5)).isTrue();
        assertThat(Share.of(25, 40).excludes(0.5)).isFalse();
    }

    @Test
    void nothingOfNothingIsNoShare() {
        assertThatThrownBy(() -> Share.of(0, 0)).hasMessageContaining("1 or more trials");
        assertThatThrownBy(() -> Share.of(3, 2)).hasMessageContaining("must be 0 to trials");
    }
}
