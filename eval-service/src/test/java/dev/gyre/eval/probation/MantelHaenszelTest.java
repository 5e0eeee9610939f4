package dev.gyre.eval.probation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.eval.probation.MantelHaenszel.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Against numbers worked by hand.
class MantelHaenszelTest {

    /// Fisher's tea: of 8 cups 4 are bad, 3 of them among the 4 of the champion; (16 + 1)/70.
    private static final Slice TEA = slice(3, 4, 1, 4);

    /// Of 4 ratings 2 are bad, both the champion's: 1 of 6 ways.
    private static final Slice ALL_OF_TWO = slice(2, 2, 0, 2);

    /// Of 4 ratings 2 are bad, one each: 4 of 6 ways.
    private static final Slice ONE_OF_TWO = slice(1, 2, 1, 2);

    @Test
    void oneSliceIsFishersExactTest() {
        var test = new MantelHaenszel(List.of(TEA));

        assertThat(test.pValue()).isCloseTo(17 / 70.0, within(1e-12));
        assertThat(test.excess()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void slicesAreAddedUp() {
        assertThat(new MantelHaenszel(List.of(ALL_OF_TWO, ALL_OF_TWO)).pValue()).isCloseTo(1 / 36.0, within(1e-12));

        var mixed = new MantelHaenszel(List.of(ALL_OF_TWO, ONE_OF_TWO));
        // P[3] + P[4] = (1·4 + 4·1)/36 + 1/36
        assertThat(mixed.pValue()).isCloseTo(9 / 36.0, within(1e-12));
        assertThat(mixed.excess()).isCloseTo(0.5, within(1e-12));
        assertThat(mixed.champion()).isEqualTo(new Share(3, 4));
        assertThat(mixed.predecessor()).isEqualTo(new Share(1, 4));
    }

    @Test
    void largeSlicesWeighMore() {
        // 8 of 10 against 2 of 10, weight 5; 0 of 2 against 2 of 2, weight 1
        var test = new MantelHaenszel(List.of(slice(8, 10, 2, 10), slice(0, 2, 2, 2)));

        assertThat(test.excess()).isCloseTo((0.6 * 5 - 1) / 6, within(1e-12));
    }

    @Test
    void nothingBadSaysNothing() {
        var test = new MantelHaenszel(List.of(slice(0, 5, 0, 30)));

        assertThat(test.pValue()).isEqualTo(1);
        assertThat(test.excess()).isZero();
    }

    @Test
    void chanceOfTheUtmostIsExact() {
        var test = new MantelHaenszel(List.of(slice(25, 25, 0, 25)));

        // 1 / C(50, 25)
        assertThat(test.pValue()).isCloseTo(1 / 126410606437752.0, within(1e-24));
    }

    private static Slice slice(int bad, int ratings, int badBefore, int ratingsBefore) {
        return new Slice(new Share(bad, ratings), new Share(badBefore, ratingsBefore));
    }
}
