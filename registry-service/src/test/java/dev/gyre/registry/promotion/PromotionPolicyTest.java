package dev.gyre.registry.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.events.ModelVersion;
import dev.gyre.registry.promotion.Decision.Keep;
import dev.gyre.registry.promotion.Decision.Promote;
import dev.gyre.registry.promotion.Decision.Reject;
import dev.gyre.registry.promotion.Decision.RollBack;
import dev.gyre.registry.version.VersionState;
import dev.gyre.registry.version.VersionState.Candidate;
import dev.gyre.registry.version.VersionState.Champion;
import dev.gyre.registry.version.VersionState.Rejected;
import dev.gyre.registry.version.VersionState.Retired;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromotionPolicyTest {

    private static final VersionState CANDIDATE = new Candidate();
    private static final ChampionFellShort FELL = new ChampionFellShort(
            "demo",
            "p1",
            new ModelVersion("desk", 2),
            new ModelVersion("desk", 1),
            25,
            20,
            200,
            20,
            0.7,
            1e-9,
            0.0025,
            "20 of 25 are bad");

    @Test
    void firstVersionThatPassesIsCrowned() {
        var decision = new PromotionPolicy(null).judge(CANDIDATE, "e1", Verdict.PASS, List.of(), null);

        assertThat(decision).isEqualTo(new Promote(new Champion("e1")));
    }

    @Test
    void passAgainstThePresentChampionIsPromoted() {
        var decision = new PromotionPolicy(2).judge(CANDIDATE, "e1", Verdict.PASS, List.of(), 2);

        assertThat(decision).isEqualTo(new Promote(new Champion("e1")));
    }

    @Test
    void passAgainstAFormerChampionIsRejected() {
        var decision = new PromotionPolicy(3).judge(CANDIDATE, "e1", Verdict.PASS, List.of(), 2);

        assertThat(decision)
                .isEqualTo(new Reject(new Rejected(
                        "e1", List.of("compared with v2 but v3 is champion; it has to be examined again"))));
    }

    @Test
    void passWithoutComparisonIsRejectedOnceThereIsAChampion() {
        var decision = new PromotionPolicy(1).judge(CANDIDATE, "e1", Verdict.PASS, List.of(), null);

        assertThat(decision)
                .isEqualTo(new Reject(new Rejected(
                        "e1", List.of("compared with nothing but v1 is champion; it has to be examined again"))));
    }

    @Test
    void failAndInconclusiveAreRejectedWithTheReasonsOfTheVerdict() {
        var policy = new PromotionPolicy(1);

        for (var verdict : List.of(Verdict.FAIL, Verdict.INCONCLUSIVE)) {
            assertThat(policy.judge(CANDIDATE, "e1", verdict, List.of("too few rows"), 1))
                    .isEqualTo(new Reject(new Rejected("e1", List.of("too few rows"))));
        }
    }

    @Test
    void rejectedVersionIsPromotedByALaterPass() {
        var rejected = new Rejected("e1", List.of("compared with v2 but v3 is champion"));

        var decision = new PromotionPolicy(3).judge(rejected, "e2", Verdict.PASS, List.of(), 3);

        assertThat(decision).isEqualTo(new Promote(new Champion("e2")));
    }

    @Test
    void championAndFormerChampionStayWhatTheyAre() {
        var policy = new PromotionPolicy(1);

        assertThat(policy.judge(new Champion("e0"), "e1", Verdict.FAIL, List.of(), 1))
                .isInstanceOf(Keep.class);
        assertThat(policy.judge(new Retired("e0"), "e1", Verdict.PASS, List.of(), 1))
                .isInstanceOf(Keep.class);
    }

    @Test
    void championThatFellShortMakesWayForTheVersionBeforeIt() {
        assertThat(PromotionPolicy.recall(FELL, new Champion("e2"), new Retired("e1"), false))
                .isEqualTo(new RollBack(FELL.predecessor(), new Champion("e1"), "20 of 25 are bad"));
    }

    @Test
    void nothingIsRolledBackTwiceOrFromAFormerChampionOrToOneThatNeverWas() {
        assertThat(PromotionPolicy.recall(FELL, new Champion("e2"), new Retired("e1"), true))
                .isEqualTo(new Keep("it was rolled back once, and somebody made it champion again"));
        assertThat(PromotionPolicy.recall(FELL, new Retired("e2"), new Champion("e1"), false))
                .isEqualTo(new Keep("it is not champion any more"));
        assertThat(PromotionPolicy.recall(FELL, new Champion("e2"), new Rejected("e1", List.of()), false))
                .isEqualTo(new Keep("desk@1 was never champion"));
    }
}
