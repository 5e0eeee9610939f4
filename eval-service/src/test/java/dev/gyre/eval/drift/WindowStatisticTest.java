package dev.gyre.eval.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.embedding.Embedding;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WindowStatisticTest {

    private static final DriftSettings SETTINGS = new DriftSettings(200, 50, 0.01, 0.1, 2, 3, 3, 3);

    @Test
    void discrepancyIsTheUnbiasedEstimateWorkedByHand() {
        var reference = List.of(at(0), at(90));
        var window = List.of(at(180), at(135));

        var result = new MaximumMeanDiscrepancy(200).test("numbers", reference, window, 0.05, 1);

        // squared distances are 2 - 2 cos: of 45 degrees twice, of 90 twice, of 135, of 180; the upper median is 2
        var near = Math.exp(-(2 - Math.sqrt(2)) / 2);
        var far = Math.exp(-(2 + Math.sqrt(2)) / 2);
        var expected = Math.exp(-1) + near - 2 * (Math.exp(-2) + far + Math.exp(-1) + near) / 4;
        assertThat(result.value()).isCloseTo(expected, within(1e-6));
        assertThat(result.p()).isBetween(1 / 201.0, 1.0);
    }

    @Test
    void discrepancyOfAShiftHasTheSmallestPValueAndTheSameAgain() {
        var random = new SplittableRandom(3);
        var reference = points(random, 200, 0);
        var window = points(random, 50, 1);

        var first = new MaximumMeanDiscrepancy(200).test("points", reference, window, 0.01, 1);

        assertThat(first.p()).isEqualTo(1 / 201.0);
        assertThat(first.value()).isGreaterThan(first.threshold());
        assertThat(new MaximumMeanDiscrepancy(200).test("points", reference, window, 0.01, 1))
                .isEqualTo(first);
    }

    @Test
    void stabilityThresholdKeepsItsPromiseWhereTheUsualRuleWouldNot() {
        var random = new SplittableRandom(4);
        var tests = IntStream.range(0, 2000)
                .mapToObj(_ -> PopulationStability.test("number", numbers(random, 200), numbers(random, 200), 0.01))
                .toList();

        assertThat(tests).filteredOn(one -> one.value() > one.threshold()).hasSizeBetween(5, 40);
        assertThat(tests)
                .filteredOn(one -> Objects.requireNonNull(one.p()) < 0.01)
                .hasSizeBetween(5, 40);
        assertThat(tests).filteredOn(one -> one.value() > 0.1).hasSizeGreaterThan(400);
    }

    @Test
    void stabilityOfCategoriesSeesANewOneAndNotOneThatIsOnlyRare() {
        var latin = IntStream.range(0, 200)
                .mapToObj(i -> i % 50 == 0 ? "GREEK" : "LATIN")
                .toList();
        var mixed = IntStream.range(0, 50)
                .mapToObj(i -> i % 2 == 0 ? "CYRILLIC" : "LATIN")
                .toList();

        assertThat(PopulationStability.test("alphabet", latin, latin.subList(0, 50), 0.01)
                        .p())
                .isGreaterThan(0.05);
        assertThat(PopulationStability.test("alphabet", latin, mixed, 0.01).p()).isLessThan(1e-6);
        assertThat(PopulationStability.test("alphabet", mixed, List.of("LATIN"), 0.01)
                        .p())
                .isGreaterThan(0.01);
    }

    @Test
    void stabilityOfAConstantSeesBothDirections() {
        var constant = new double[100];
        Arrays.fill(constant, 7);
        var lower = new double[50];
        Arrays.fill(lower, 6);

        assertThat(PopulationStability.test("length", constant, constant, 0.01).p())
                .isEqualTo(1);
        assertThat(PopulationStability.test("length", constant, lower, 0.01).p())
                .isLessThan(1e-6);
    }

    @Test
    void falseDiscoveriesAreBoundOverAllStatisticsAndSmallEffectsDoNotCount() {
        var judged = FalseDiscovery.judge(
                Stream.of(0.004, 0.0049, 0.03, 0.9).map(p -> statistic(p, 0.5)).toList(), SETTINGS);

        assertThat(judged)
                .extracting(WindowStatistic::verdict)
                .containsExactly(Signal.DRIFT, Signal.DRIFT, Signal.WARNING, Signal.CALM);
        assertThat(FalseDiscovery.judge(
                        Stream.of(0.004, 0.2, 0.3, 0.9)
                                .map(p -> statistic(p, 0.5))
                                .toList(),
                        SETTINGS))
                .extracting(WindowStatistic::verdict)
                .containsExactly(Signal.WARNING, Signal.CALM, Signal.CALM, Signal.CALM);
        assertThat(FalseDiscovery.judge(List.of(statistic(1e-9, 0.09)), SETTINGS))
                .extracting(WindowStatistic::verdict)
                .containsExactly(Signal.CALM);
    }

    @Test
    void mostInstructiveIsNewAndUnlikeWhatWasChosen() {
        var reference = List.of(Embedding.of(1, 0, 0), Embedding.of(1, 0, 0));
        var usual = Embedding.of(1, 0, 0);
        var novel = Embedding.of(0, 1, 0);
        var other = Embedding.of(0, 0, 1);

        var ranked = Instructive.rank(reference, List.of(usual, novel, novel, other));

        assertThat(ranked).extracting(Instructive.Ranked::index).startsWith(1, 3);
        assertThat(ranked).extracting(Instructive.Ranked::index).endsWith(0);
        assertThat(ranked)
                .extracting(Instructive.Ranked::score)
                .isSortedAccordingTo((one, next) -> Double.compare(next, one));
    }

    @Test
    void wordsAreNewWhereTheirShareOfTextsRose() {
        var risen = Words.risen(List.of("the cat", "the dog", "a cat"), List.of("the kraken", "the Kraken!"), 5);

        assertThat(risen).extracting(Words.Risen::word).containsExactly("kraken", "the");
        assertThat(risen.getFirst().now()).isEqualTo(1);
        assertThat(Words.repeated(Words.of("no no no"))).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(Words.unknownInReference(List.of(new int[] {1, 2}, new int[] {1})))
                .containsExactly(0.5, 0);
        assertThat(Words.unknown(List.of(new int[] {1, 2}), List.of(new int[] {1, 3})))
                .containsExactly(0.5);
    }

    private static WindowStatistic statistic(double p, double effect) {
        return new WindowStatistic("any", "ks", effect, 0.1, p, effect, Signal.CALM);
    }

    private static Embedding at(double degrees) {
        return Embedding.of((float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees)));
    }

    private static List<Embedding> points(SplittableRandom random, int count, double shift) {
        return IntStream.range(0, count)
                .mapToObj(_ -> Embedding.of(
                        (float) (random.nextGaussian() + shift),
                        (float) random.nextGaussian(),
                        (float) random.nextGaussian()))
                .toList();
    }

    private static double[] numbers(SplittableRandom random, int count) {
        return IntStream.range(0, count).mapToDouble(_ -> random.nextGaussian()).toArray();
    }
}
