package dev.gyre.annotation.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.annotation.agreement.CohenKappa.Both;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Against the numbers of the packages krippendorff and irrCAC, and of scikit-learn.
class CoefficientTest {

    /// Krippendorff's example of four observers, also on p. 120 of Gwet's Handbook.
    private static final Tally FOUR = units("123321412...", "1233224125.3", ".3332342251.", "12332441251.");
    private static final Tally THREE = units(".....34121133.3", "1.213343.......", "..21344.21133.4");
    private static final Tally FIVE =
            units("112.001122.0131", "1130000.2110231", "203000222100221", ".13....0.10022.", "2..0001.2....31");

    @Test
    void alphaOnEveryScale() {
        assertThat(KrippendorffAlpha.of(FOUR, Scale.NOMINAL)).hasValueCloseTo(0.743, within(0.0005));
        assertThat(KrippendorffAlpha.of(FOUR, Scale.ORDINAL)).hasValueCloseTo(0.815, within(0.0005));
        assertThat(KrippendorffAlpha.of(FOUR, Scale.INTERVAL)).hasValueCloseTo(0.849, within(0.0005));
        assertThat(KrippendorffAlpha.of(THREE, Scale.NOMINAL)).hasValueCloseTo(0.691358, within(5e-7));
        assertThat(KrippendorffAlpha.of(THREE, Scale.INTERVAL)).hasValueCloseTo(0.810845, within(5e-7));
    }

    @Test
    void gwetsCoefficientsWithGapsAndWeights() {
        assertThat(GwetCoefficient.of(FOUR, Scale.NOMINAL)).hasValueCloseTo(0.77544, within(5e-6));
        assertThat(GwetCoefficient.of(FOUR, Scale.ORDINAL)).hasValueCloseTo(0.899, within(0.0005));
        assertThat(GwetCoefficient.of(FOUR, Scale.INTERVAL)).hasValueCloseTo(0.914, within(0.0005));
        assertThat(GwetCoefficient.of(FIVE, Scale.NOMINAL)).hasValueCloseTo(0.497, within(0.0005));
    }

    /// Where almost everybody says yes, κ falls to nothing though they agree on 90 of 100: 0.9 of agreement, and
    /// 2 · 0.95 · 0.05 by chance.
    @Test
    void gwetDoesNotFallWhereOneValueIsCommon() {
        var units = new ArrayList<List<String>>();
        for (int unit = 0; unit < 100; unit++) {
            units.add(unit < 90 ? List.of("yes", "yes") : unit < 95 ? List.of("yes", "no") : List.of("no", "yes"));
        }

        assertThat(FleissKappa.of(units)).hasValueCloseTo(-0.05 / 0.95, within(1e-12));
        assertThat(GwetCoefficient.of(Tally.of(units), Scale.NOMINAL))
                .hasValueCloseTo((0.9 - 0.095) / (1 - 0.095), within(1e-12));
    }

    @Test
    void kappaOfTwoIsThatOfScikitLearn() {
        var one = "aabbccabca";
        var other = "aabbcbabcc";

        var units = IntStream.range(0, one.length())
                .mapToObj(unit -> new Both(one.substring(unit, unit + 1), other.substring(unit, unit + 1)))
                .toList();

        assertThat(CohenKappa.of(units)).hasValueCloseTo(0.7014925373134329, within(1e-12));
        assertThat(CohenKappa.of(List.of())).isEmpty();
        assertThat(CohenKappa.of(List.of(new Both("a", "a")))).isEmpty();
    }

    @Test
    void nothingIsSaidWhereNothingOverlapsOrNothingVaries() {
        for (var scale : Scale.values()) {
            assertThat(KrippendorffAlpha.of(units("1", "."), scale)).isEmpty();
            assertThat(KrippendorffAlpha.of(units("11", "11"), scale)).isEmpty();
            assertThat(GwetCoefficient.of(units("12"), scale)).isEmpty();
            assertThat(GwetCoefficient.of(units("11", "11"), scale)).isEmpty();
        }
    }

    /// 400 units of two coins each agree by chance: the interval has 0 in it, is about 2 · 1.96 / √400 wide, and is the
    /// same for the same seed. A tenth of the units makes it about √10 as wide.
    @Test
    void intervalIsAsWideAsTheUnitsAreFew() {
        var many = new ArrayList<List<String>>();
        for (int unit = 0; unit < 400; unit++) {
            many.add(List.of(unit % 2 == 0 ? "a" : "b", unit % 4 < 2 ? "a" : "b"));
        }

        var found = estimate(many, 7).orElseThrow();
        var few = estimate(many.subList(0, 40), 7).orElseThrow();

        assertThat(found.value()).isCloseTo(0.5 / 400, within(0.003));
        assertThat(found.low()).isNegative();
        assertThat(found.high()).isPositive();
        assertThat(found.high() - found.low()).isCloseTo(2 * 1.96 / 20, within(0.03));
        assertThat(few.high() - few.low()).isCloseTo(2 * 1.96 / Math.sqrt(40), within(0.12));
        assertThat(estimate(many, 7)).contains(found);
        assertThat(estimate(many, 8)).get().isNotEqualTo(found);
        assertThat(estimate(List.of(List.of("a")), 7)).isEmpty();
    }

    /// On average np, counted one by one, by the normal distribution, and of more than half.
    @Test
    void hitsAreDrawnAsOftenAsTheyShould() {
        for (var chance : List.of(0.002, 0.3, 0.9)) {
            for (var trials : List.of(40L, 5000L)) {
                var random = new SplittableRandom(5);
                var drawn = LongStream.generate(() -> Binomial.draw(random, trials, chance))
                        .limit(20_000)
                        .summaryStatistics();
                assertThat(drawn.getMin()).isNotNegative();
                assertThat(drawn.getMax()).isLessThanOrEqualTo(trials);
                assertThat(drawn.getAverage())
                        .isCloseTo(trials * chance, within(5 * Math.sqrt(trials * chance * (1 - chance) / 20_000)));
            }
        }
        assertThat(Binomial.draw(new SplittableRandom(1), 7, 1)).isEqualTo(7);
        assertThat(Binomial.draw(new SplittableRandom(1), 7, 0)).isZero();
    }

    private static Optional<Estimate> estimate(List<List<String>> units, long seed) {
        return Estimate.of(Tally.of(units), tally -> KrippendorffAlpha.of(tally, Scale.NOMINAL), 1000, seed);
    }

    /// @param judges what each said of unit after unit, `.` for nothing
    private static Tally units(String... judges) {
        return Tally.of(IntStream.range(0, judges[0].length())
                .mapToObj(unit -> Arrays.stream(judges)
                        .map(said -> said.substring(unit, unit + 1))
                        .filter(value -> !value.equals("."))
                        .toList())
                .toList());
    }
}
