package dev.gyre.eval.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.eval.gate.Findings.Broken;
import dev.gyre.eval.gate.Findings.Opposed;
import dev.gyre.eval.gate.Findings.Target;
import dev.gyre.eval.gate.Findings.Target.Measured;
import dev.gyre.eval.gate.Findings.Target.Missing;
import dev.gyre.eval.gate.Findings.Unopposed;
import dev.gyre.eval.measure.Comparison;
import dev.gyre.eval.measure.Metric;
import dev.gyre.eval.measure.Paired;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.ModelVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatePolicyTest {

    @Test
    void whatWouldPassAtTheFirstLookNeedsMoreAtTheFifth() {
        var fifth = new Paired.Look(5, 0.0012, -0.01, 0.21);
        var own = preferences("new", 100, new Paired(0.5, 0.1, 0.02, 0.18, 0.01, fifth), 0.4);

        assertThat(judge(own))
                .isInstanceOfSatisfying(Verdict.Inconclusive.class, verdict -> assertThat(verdict.reasons().getFirst())
                        .contains("look 5 at these rows, so the 99.88 % interval -0.0100 to +0.2100 decides")
                        .contains("the interval contains no change"));
    }

    private static final ModelVersion CANDIDATE = new ModelVersion("assistant", 2);
    private static final ModelVersion CHAMPION = new ModelVersion("assistant", 1);
    private static final Target BETTER = demonstrations("new", 100, 2.0, -0.2, -0.3, -0.1);

    private final GatePolicy policy = policy(Unproven.RESERVATION);

    @Test
    void brokenCandidateFailsWithItsReason() {
        assertThat(policy.judge(new Broken("assistant@2 cannot be opened: config.json is missing.")))
                .isEqualTo(new Verdict.Fail(List.of("assistant@2 cannot be opened: config.json is missing.")));
    }

    @Test
    void firstVersionThatWorksPasses() {
        var verdict = policy.judge(new Unopposed(CHAMPION, List.of(), List.of("It opens.")));

        assertThat(verdict).isInstanceOf(Verdict.Pass.class);
        assertThat(verdict.reasons())
                .containsExactly(
                        "No other version of assistant is champion, so there is nothing to compare assistant@1 with.",
                        "It opens.");
    }

    @ParameterizedTest
    @CsvSource({
        "-0.20, -0.30, -0.10, Pass", // lower is better
        "-0.20, -0.30,  0.00, Inconclusive",
        "-0.20, -0.50,  0.10, Inconclusive",
        " 0.05, -0.10,  0.20, Inconclusive",
        " 0.00,  0.00,  0.00, Inconclusive",
        " 0.20,  0.10,  0.30, Fail",
    })
    void ownSuiteMustBeBetterBeyondDoubt(double difference, double low, double high, String verdict) {
        var own = demonstrations("new", 100, 2.0, difference, low, high);

        assertThat(judge(own)).hasSameClassAs(named(verdict));
    }

    @ParameterizedTest
    @CsvSource({
        " 0.10,  0.02, 0.18, 0.010, Pass",
        " 0.10,  0.02, 0.18, 0.060, Inconclusive", // the sign test does not agree
        " 0.10, -0.02, 0.18, 0.010, Inconclusive",
        "-0.10, -0.18, -0.02, 0.010, Fail",
    })
    void accuracyNeedsTheSignTestToo(double difference, double low, double high, double p, String verdict) {
        var own = preferences("new", 100, new Paired(0.5, difference, low, high, p), 0.4);

        assertThat(judge(own)).hasSameClassAs(named(verdict));
    }

    @ParameterizedTest
    @CsvSource({"29, Inconclusive", "30, Pass", "0, Inconclusive"})
    void tooFewPromptsNeverPass(int prompts, String verdict) {
        assertThat(judge(demonstrations("new", prompts, 2.0, -0.2, -0.3, -0.1))).hasSameClassAs(named(verdict));
    }

    @Test
    void suiteWithoutAComparableRowIsInconclusive() {
        var verdict = judge(new Measured("new", Kind.SUPERVISED, 80, 80, List.of()));

        assertThat(verdict).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(verdict.reasons().getFirst())
                .isEqualTo(
                        "Suite 'new' has 0 prompts to compare on (80 rows held out, 80 left out as too long), at least 30 are needed: it says nothing.");
    }

    @Test
    void candidateWithoutADataSetIsInconclusive() {
        assertThat(judge(new Missing("It names no data set.")))
                .isEqualTo(new Verdict.Inconclusive(List.of("It names no data set.")));
    }

    @ParameterizedTest
    @CsvSource({
        "-0.010, -0.02, 0.000, Pass, not worse than the margin of 0.0400",
        " 0.030,  0.02, 0.039, Pass, not worse than the margin of 0.0400",
        " 0.030,  0.01, 0.050, Pass, but the interval reaches beyond it",
        " 0.041,  0.03, 0.050, Fail, worse by more than the margin of 0.0400",
        " 0.041, -0.10, 0.200, Fail, worse by more than the margin of 0.0400",
    })
    void pastSuiteMustNotBeWorseThanTwoInAHundred(
            double difference, double low, double high, String verdict, String reason) {
        var judged = judge(BETTER, demonstrations("old", 100, 2.0, difference, low, high));

        assertThat(judged).hasSameClassAs(named(verdict));
        assertThat(judged.reasons().get(1)).contains(reason);
    }

    @Test
    void judgementsInDoubtNeverPassHoweverGoodTheFigures() {
        var doubts = List.of("annotator-7 says the opposite.");

        var first = policy.judge(new Unopposed(CHAMPION, doubts, List.of("It opens.")));
        var better = policy.judge(new Opposed(CANDIDATE, CHAMPION.toString(), BETTER, List.of(), doubts, List.of()));
        var worse = policy.judge(new Opposed(
                CANDIDATE,
                CHAMPION.toString(),
                demonstrations("new", 100, 2.0, 0.2, 0.1, 0.3),
                List.of(),
                doubts,
                List.of()));

        assertThat(first).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(better).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(worse).isInstanceOf(Verdict.Fail.class);
        assertThat(List.of(first, better, worse))
                .allSatisfy(verdict -> assertThat(verdict.reasons().getFirst()).isEqualTo(doubts.getFirst()));
    }

    @Test
    void strictGateDoesNotPassTheUnproven() {
        var findings = new Opposed(
                CANDIDATE, CHAMPION.toString(), BETTER, List.of(demonstrations("old", 100, 2.0, 0.03, 0.01, 0.05)), List.of(), List.of());

        assertThat(policy(Unproven.INCONCLUSIVE).judge(findings)).isInstanceOf(Verdict.Inconclusive.class);
    }

    @Test
    void preferencesLearnedMayLowerOldLikelihoodsFurther() {
        var preferred = preferences("new", 100, new Paired(0.5, 0.1, 0.02, 0.18, 0.01), 0.4);

        assertThat(judge(preferred, demonstrations("old", 100, 2.0, 0.19, 0.1, 0.2)))
                .isInstanceOf(Verdict.Pass.class);
        assertThat(judge(preferred, demonstrations("old", 100, 2.0, 0.21, 0.1, 0.3)))
                .isInstanceOf(Verdict.Fail.class);
        assertThat(judge(BETTER, demonstrations("old", 100, 2.0, 0.19, 0.1, 0.2)))
                .isInstanceOf(Verdict.Fail.class);
    }

    @Test
    void pastAccuracyMayLoseTwoPoints() {
        assertThat(judge(BETTER, preferences("old", 100, new Paired(0.6, -0.02, -0.05, 0.01, 0.5), 0.4)))
                .isInstanceOf(Verdict.Pass.class);
        assertThat(judge(BETTER, preferences("old", 100, new Paired(0.6, -0.03, -0.05, -0.01, 0.5), 0.4)))
                .isInstanceOf(Verdict.Fail.class);
    }

    @Test
    void pastSuiteThatWasAlwaysTooSmallIsNamedAndOneThatBecameUnreadableHoldsUp() {
        var small = new Measured(
                "old",
                Kind.SUPERVISED,
                10,
                0,
                demonstrations("old", 10, 2.0, 1, 1, 1).comparisons());
        var unreadable = new Measured(
                "old",
                Kind.SUPERVISED,
                500,
                490,
                demonstrations("old", 10, 2.0, 1, 1, 1).comparisons());

        assertThat(judge(BETTER, small)).isInstanceOf(Verdict.Pass.class);
        assertThat(judge(BETTER, small).reasons().getLast()).contains("Suite 'old' has 10 prompts");
        assertThat(judge(BETTER, unreadable)).isInstanceOf(Verdict.Inconclusive.class);
    }

    @Test
    void reasonsCarryTheFigures() {
        assertThat(judge(BETTER).reasons())
                .containsExactly(
                        "On 'new' (100 rows, 100 prompts) nats-per-character went from 2.0000 to 1.8000, difference -0.2000, 95 % interval -0.3000 to -0.1000: assistant@2 is better than assistant@1.");
    }

    @Test
    void guessByLengthThatIsAsGoodIsNamed() {
        var own = preferences("new", 100, new Paired(0.5, 0.1, 0.02, 0.18, 0.01), 0.66);

        assertThat(judge(own).reasons())
                .contains(
                        "On 'new' a guess that knows only the lengths scores 0.6600, no less than the candidate's 0.6000.");
    }

    @Test
    void sliceThatIsWorseIsNamedAndDecidesNothing() {
        var own = new Measured(
                "new",
                Kind.SUPERVISED,
                200,
                0,
                List.of(
                        comparison(
                                "all",
                                Metric.NATS_PER_CHARACTER,
                                200,
                                1.8,
                                new Paired(2, -0.2, -0.3, -0.1, 0.01),
                                null),
                        comparison(
                                "poems",
                                Metric.NATS_PER_CHARACTER,
                                50,
                                2.4,
                                new Paired(2, 0.4, 0.3, 0.5, 0.01),
                                null)));

        assertThat(judge(own)).isInstanceOf(Verdict.Pass.class);
        assertThat(judge(own).reasons().getLast())
                .contains("On 'new', slice 'poems'")
                .contains("worse on this slice");
    }

    private Verdict judge(Target own, Target... past) {
        return policy.judge(new Opposed(CANDIDATE, CHAMPION.toString(), own, List.of(past), List.of(), List.of()));
    }

    private static GatePolicy policy(Unproven unproven) {
        return new GatePolicy(
                30, 0.05, new Margin(0.02, true), new Margin(0.02, false), new Margin(0.10, true), unproven);
    }

    private static Verdict named(String name) {
        return switch (name) {
            case "Pass" -> new Verdict.Pass(List.of());
            case "Fail" -> new Verdict.Fail(List.of());
            default -> new Verdict.Inconclusive(List.of());
        };
    }

    private static Measured demonstrations(
            String name, int prompts, double champion, double difference, double low, double high) {
        var paired = new Paired(champion, difference, low, high, 0.5);
        return new Measured(
                name,
                Kind.SUPERVISED,
                prompts,
                0,
                List.of(comparison("all", Metric.NATS_PER_CHARACTER, prompts, champion + difference, paired, null)));
    }

    private static Measured preferences(String name, int prompts, Paired paired, double baseline) {
        return new Measured(
                name,
                Kind.PREFERENCE,
                prompts,
                0,
                List.of(comparison(
                        "all",
                        Metric.PREFERENCE_ACCURACY,
                        prompts,
                        paired.champion() + paired.difference(),
                        paired,
                        baseline)));
    }

    private static Comparison comparison(
            String slice, Metric metric, int prompts, double candidate, Paired paired, @Nullable Double baseline) {
        return new Comparison(slice, metric, prompts, prompts, candidate, paired, baseline);
    }
}
