package dev.gyre.annotation.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReliabilityTest {

    private static final String FIRST = "first";
    private static final String SECOND = "second";

    @Test
    void binomialTailIsExact() {
        assertThat(BinomialTail.atMost(2, 10, 0.5)).isCloseTo(56 / 1024.0, within(1e-15));
        assertThat(BinomialTail.atMost(1, 5, 0.2)).isCloseTo(0.73728, within(1e-15));
        assertThat(BinomialTail.atMost(0, 20, 0.5)).isCloseTo(Math.pow(2, -20), within(1e-20));
        assertThat(BinomialTail.atMost(5, 5, 0.3)).isEqualTo(1);
        assertThat(BinomialTail.atMost(0, 5, 0)).isEqualTo(1);
        assertThat(BinomialTail.atMost(4, 5, 1)).isZero();
    }

    /// Fifty proposals: both yes 20, both no 15, only ann yes 5, only bob yes 10. Observed 0.7, by chance
    /// 0.5 · 0.6 + 0.5 · 0.4 = 0.5, so κ = 0.4.
    @Test
    void kappaOfTwoReadersIsThatOfTheTable() {
        var votes = new ArrayList<Vote>();
        votes.addAll(votes("ann", 50, task -> task < 25 ? "yes" : "no"));
        votes.addAll(votes("bob", 50, task -> task < 20 || task >= 40 ? "yes" : "no"));

        assertThat(Reliability.of(votes)).hasSize(2).allSatisfy(one -> {
            assertThat(one.compared()).isEqualTo(50);
            assertThat(one.agreed()).isEqualTo(35);
            assertThat(one.rate()).isEqualTo(0.7);
            assertThat(one.chance()).isCloseTo(0.5, within(1e-12));
            assertThat(one.kappa()).isCloseTo(0.4, within(1e-12));
            assertThat(one.doubt()).isNull();
        });
    }

    /// Ann is always right, bob on all but the first 25 of 100, eve says the opposite of what is right. Where bob errs he
    /// and eve outvote ann, who then seems to lie: 0 of 25. The others agree against eve 75 times.
    @Test
    void liarIsNamedAndNotTheOneWhomTheLiarOutvotes() {
        var votes = new ArrayList<Vote>();
        votes.addAll(votes("ann", 100, ReliabilityTest::right));
        votes.addAll(votes("bob", 100, task -> task < 25 ? wrong(task) : right(task)));
        votes.addAll(votes("eve", 100, ReliabilityTest::wrong));

        var found = Reliability.of(votes);

        assertThat(Comparison.of(votes).getFirst()).satisfies(ann -> {
            assertThat(ann.compared()).isEqualTo(25);
            assertThat(ann.agreed()).isZero();
            assertThat(ann.p()).isLessThan(1e-6);
        });
        assertThat(found).extracting(Reliability::annotator).containsExactly("ann", "bob", "eve");
        assertThat(found.getFirst()).satisfies(ann -> {
            assertThat(ann.compared()).isEqualTo(100);
            assertThat(ann.agreed()).isEqualTo(75);
            assertThat(ann.kappa()).isCloseTo(0.5, within(1e-12));
        });
        assertThat(Reliability.doubts(found)).singleElement().satisfies(doubt -> {
            assertThat(doubt.annotator()).isEqualTo("eve");
            assertThat(doubt.compared()).isEqualTo(75);
            assertThat(doubt.agreed()).isZero();
            assertThat(doubt.chance()).isCloseTo(2 * 37 * 38 / 5625.0, within(1e-12));
            assertThat(doubt.reason())
                    .isEqualTo(
                            "eve agreed with the others on 0 of 75 tasks where chance alone gives 37 (κ -1.00, p = 2.7e-23): this annotator says the opposite of what they say.");
        });
    }

    @Test
    void ofTwoWhoContradictEachOtherNobodyKnowsWhoIsWrong() {
        var votes = new ArrayList<Vote>();
        votes.addAll(votes("ann", 24, ReliabilityTest::right));
        votes.addAll(votes("eve", 24, ReliabilityTest::wrong));

        var doubts = Reliability.doubts(Reliability.of(votes));

        assertThat(doubts).extracting(doubt -> doubt.annotator()).containsExactly("ann", "eve");
        assertThat(doubts)
                .extracting(doubt -> doubt.reason())
                .containsOnly(
                        "ann and eve agreed on 0 of 24 tasks where chance alone gives 12 (κ -1.00, p = 6.0e-08): they contradict each other, nobody else judged these tasks, and nobody can know which of the two is wrong.");
    }

    @Test
    void nineteenTasksAreTooFewAndTwentyAreEnough() {
        for (var tasks : List.of(19, 20)) {
            var votes = new ArrayList<Vote>();
            votes.addAll(votes("ann", tasks, ReliabilityTest::right));
            votes.addAll(votes("eve", tasks, ReliabilityTest::wrong));

            assertThat(Reliability.doubts(Reliability.of(votes))).hasSize(tasks < 20 ? 0 : 2);
        }
    }

    /// Whoever always says the same agrees as often as chance does, and is no liar.
    @Test
    void carelessAnnotatorIsNotInDoubt() {
        var votes = new ArrayList<Vote>();
        votes.addAll(votes("ann", 40, ReliabilityTest::right));
        votes.addAll(votes("bob", 40, ReliabilityTest::right));
        votes.addAll(votes("lou", 40, task -> FIRST));

        var lou = Reliability.of(votes).getLast();

        assertThat(lou.agreed()).isEqualTo(20);
        assertThat(lou.kappa()).isCloseTo(0, within(1e-12));
        // P(X ≤ 20) of 40 fair coins is one half and half of P(X = 20) = 137846528820 / 2⁴⁰
        assertThat(lou.p()).isCloseTo(0.5 + 137846528820.0 / Math.pow(2, 41), within(1e-12));
        assertThat(lou.doubt()).isNull();
    }

    @Test
    void liarIsNamedAmongThreeLabelsToo() {
        var labels = List.of("buy", "keep", "sell");
        var votes = new ArrayList<Vote>();
        votes.addAll(votes("ann", 60, task -> labels.get(task % 3)));
        votes.addAll(votes("bob", 60, task -> labels.get(task % 3)));
        votes.addAll(votes("eve", 60, task -> labels.get((task + 1) % 3)));

        var eve = Reliability.of(votes).getLast();

        assertThat(eve.chance()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(eve.kappa()).isCloseTo(-0.5, within(1e-12));
        assertThat(eve.p()).isCloseTo(Math.pow(2 / 3.0, 60), within(1e-20));
        assertThat(eve.doubt()).startsWith("eve agreed with the others on 0 of 60 tasks where chance alone gives 20");
    }

    @Test
    void whoJudgedAloneIsComparedWithNobody() {
        assertThat(Reliability.of(votes("ann", 50, ReliabilityTest::right)))
                .containsExactly(new Reliability("ann", 0, 0, null, null, null, null, null));
        assertThat(Reliability.of(List.of())).isEmpty();
    }

    @Test
    void thousandsOfLiesAreToldApartThoughTheirChanceIsTooSmallToWrite() {
        var votes = new ArrayList<Vote>();
        votes.addAll(votes("ann", 3000, ReliabilityTest::right));
        votes.addAll(votes("bob", 3000, task -> task % 4 == 3 ? wrong(task) : right(task)));
        votes.addAll(votes("cat", 3000, ReliabilityTest::right));
        votes.addAll(votes("eve", 3000, ReliabilityTest::wrong));

        var doubts = Reliability.doubts(Reliability.of(votes));

        assertThat(doubts).extracting(doubt -> doubt.annotator()).containsExactly("eve");
        assertThat(doubts.getFirst().reason()).contains("p < 1e-300");
    }

    private static String right(int task) {
        return task % 2 == 0 ? FIRST : SECOND;
    }

    private static String wrong(int task) {
        return task % 2 == 0 ? SECOND : FIRST;
    }

    private static List<Vote> votes(String annotator, int tasks, IntFunction<String> says) {
        return IntStream.range(0, tasks)
                .mapToObj(task -> new Vote("task-" + task, annotator, says.apply(task)))
                .toList();
    }
}
