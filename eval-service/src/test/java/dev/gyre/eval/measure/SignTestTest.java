package dev.gyre.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SignTestTest {

    @Test
    void fiveOfFiveAreTwoInThirtyTwo() {
        assertThat(SignTest.twoSided(5, 0)).isCloseTo(2.0 / 32, within(1e-12));
        assertThat(SignTest.twoSided(0, 5)).isCloseTo(2.0 / 32, within(1e-12));
    }

    @Test
    void tailsAreSummedAsMcNemarSumsThem() {
        // 2 · (1 + 10 + 45) / 2^10
        assertThat(SignTest.twoSided(8, 2)).isCloseTo(0.109375, within(1e-12));
        // 2 · (1 + 22 + 231 + 1540 + 7315 + 26334 + 74613) / 2^22
        assertThat(SignTest.twoSided(6, 16)).isCloseTo(220112.0 / 4194304, within(1e-10));
    }

    @Test
    void nothingChangedOrAsMuchEachWayIsCertainlyChance() {
        assertThat(SignTest.twoSided(0, 0)).isEqualTo(1);
        assertThat(SignTest.twoSided(10, 10)).isEqualTo(1);
    }

    @Test
    void manyPromptsDoNotOverflow() {
        assertThat(SignTest.twoSided(3000, 2000)).isBetween(0.0, 1e-30);
    }
}
