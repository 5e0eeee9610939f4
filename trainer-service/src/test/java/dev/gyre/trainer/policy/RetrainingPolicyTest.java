package dev.gyre.trainer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.delivery.Cause;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Doubt;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.trainer.policy.Decision.Obstacle;
import dev.gyre.trainer.policy.Decision.Refuse;
import dev.gyre.trainer.policy.Decision.Train;
import dev.gyre.trainer.policy.Decision.Wait;
import dev.gyre.trainer.policy.Policy.Triggers;
import dev.gyre.trainer.policy.Situation.Rejected;
import dev.gyre.trainer.run.ReplayPlan.Past;
import dev.gyre.trainer.run.RunRequest.Learning;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetrainingPolicyTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Learning RECIPE = new Learning("supervised", "lora", Map.of());
    private static final Past DEMONSTRATIONS = new Past("ds-1", "demonstrations", 300);

    /// A situation in which everything speaks for a training, and what a test changes of it.
    private static final class Given {

        private Triggers triggers = new Triggers(true, null, null);
        private double replayShare = 0.5;
        private int cooldown;
        private int budget = 24;
        private @Nullable Integer champion = 3;
        private @Nullable String openRun;
        private @Nullable Instant lastBegan;
        private List<Instant> begun = List.of();
        private int newJudgements;
        private @Nullable String newer;
        private @Nullable Rejected rejected;
        private List<Past> past = List.of(DEMONSTRATIONS);
        private Kind kind = Kind.SUPERVISED;
        private int rows = 84;
        private @Nullable String campaign = "cmp-1";
        private @Nullable String tainted;
        private int depth = 5;
        private List<Doubt> doubts = List.of();

        Decision decision() {
            var policy = new Policy(Map.of(Kind.SUPERVISED, RECIPE), 0, triggers, replayShare, cooldown, budget, null);
            var situation = new Situation(
                    "desk",
                    policy,
                    champion,
                    8,
                    openRun,
                    lastBegan,
                    begun,
                    newJudgements,
                    newer,
                    rejected,
                    past,
                    Duration.ofSeconds(2));
            var part = new Part(new ArtifactRef(URI.create("s3://gyre/x"), "00", 1), rows);
            var dataset = new DatasetFrozen(
                    "demo",
                    "ds-2",
                    "p",
                    "answers",
                    kind,
                    Purpose.TRAINING,
                    part,
                    part,
                    "00",
                    part.rows(),
                    100,
                    campaign,
                    "desk",
                    doubts);
            return RetrainingPolicy.decide(
                    situation, new Signal(dataset, tainted, new Cause("alarm-1", "e", depth)), NOW);
        }
    }

    /// @param outcome the obstacle that is waited for, `TRAIN` or `REFUSE`
    record Case(String outcome, String sentence, Consumer<Given> given) {

        @Override
        public String toString() {
            return outcome + ": " + sentence;
        }
    }

    static Stream<Case> table() {
        return Stream.of(
                new Case(
                        "TRAIN",
                        "Campaign cmp-1 brought 84 new rows for desk; training on them with 84 replayed rows of demonstrations.",
                        it -> {}),
                new Case(
                        "TRAIN",
                        "Campaign cmp-1 brought 84 new rows for desk; training on them without replay.",
                        it -> it.replayShare = 0),
                new Case(
                        "TRAIN",
                        "Campaign cmp-1 brought 84 new rows for desk; training on them with nothing to replay.",
                        it -> it.past = List.of()),
                new Case(
                        "TRAIN",
                        "Campaign cmp-1 brought 84 new rows for desk; training on them with 64 replayed rows of a and 20 replayed rows of b.",
                        it -> it.past = List.of(new Past("a", "a", 500), new Past("b", "b", 20))),
                new Case(
                        "TRAIN",
                        "desk has 120 new judgements, 100 start a training, and data set answers has 84 new rows; training on them with 84 replayed rows of demonstrations.",
                        it -> {
                            it.triggers = new Triggers(false, 100, null);
                            it.newJudgements = 120;
                        }),
                new Case(
                        "TRAIN",
                        "desk is trained every 60 minutes, and data set answers has 84 new rows; training on them with 84 replayed rows of demonstrations.",
                        it -> {
                            it.triggers = new Triggers(false, null, 60);
                            it.lastBegan = NOW.minus(Duration.ofMinutes(60));
                        }),
                new Case(
                        "TRAIN",
                        "desk is trained every 60 minutes, and data set answers has 84 new rows; training on them with 84 replayed rows of demonstrations.",
                        it -> it.triggers = new Triggers(false, null, 60)),
                new Case(
                        "TRAIN",
                        "Campaign cmp-1 brought 84 new rows for desk; training on them with 84 replayed rows of demonstrations.",
                        it -> it.rejected = new Rejected(new ModelVersion("desk", 4), "cmp-0", "alarm-0", "worse")),
                new Case(
                        "TRIGGER",
                        "Not trained yet: desk has 84 new judgements of the 100 that start a training.",
                        it -> {
                            it.triggers = new Triggers(false, 100, null);
                            it.newJudgements = 84;
                        }),
                new Case(
                        "TRIGGER",
                        "Not trained yet: desk has 1 new judgement of the 100 that start a training, and the next training of desk is due in 20 minutes.",
                        it -> {
                            it.triggers = new Triggers(true, 100, 60);
                            it.campaign = null;
                            it.newJudgements = 1;
                            it.lastBegan = NOW.minus(Duration.ofMinutes(40));
                        }),
                new Case("TRIGGER", "Not trained yet: the next training of desk is due in 20 minutes.", it -> {
                    it.triggers = new Triggers(false, null, 60);
                    it.lastBegan = NOW.minus(Duration.ofMinutes(40));
                }),
                new Case(
                        "COOL_DOWN",
                        "Not trained yet: the last run for desk began 3 minutes ago and the cool-down is 10.",
                        it -> {
                            it.cooldown = 10;
                            it.lastBegan = NOW.minus(Duration.ofMinutes(3));
                        }),
                new Case("OPEN_RUN", "Not trained yet: run r-7 of desk has not ended.", it -> it.openRun = "r-7"),
                new Case("CHAMPION", "Not trained yet: desk has no champion to start from.", it -> it.champion = null),
                new Case(
                        "BUDGET",
                        "Not trained yet: the policy for desk began 2 runs in the last 24 hours and its budget is 2.",
                        it -> {
                            it.budget = 2;
                            it.begun = List.of(hoursAgo(1), hoursAgo(23), hoursAgo(25));
                        }),
                new Case(
                        "REFUSE",
                        "Not trained: data set answers must not be learned from any more: two judgements were withdrawn.",
                        it -> it.tainted = "two judgements were withdrawn"),
                new Case(
                        "REFUSE",
                        "Not trained: the judgements of data set answers are in doubt, because annotator-7 agreed with the others on 3 of 80 tasks where chance alone gives 40; look at them, withdraw what is wrong and freeze again, or have an engineer start a run by hand.",
                        it -> it.doubts = List.of(new Doubt("annotator-7", 80, 3, 0.496, "It lies."))),
                new Case(
                        "REFUSE",
                        "Not trained: the policy for desk has no recipe for data sets of kind LABEL, such as answers.",
                        it -> it.kind = Kind.LABEL),
                new Case(
                        "REFUSE",
                        "Not trained: data set answers has 1 row to learn from and at least 8 are needed.",
                        it -> it.rows = 1),
                new Case(
                        "REFUSE",
                        "Not trained: data set answers is 27 facts away from a person and the circle would end deeper than 32, which is a loop.",
                        it -> it.depth = 27),
                new Case(
                        "REFUSE",
                        "Not trained: the policy for desk trains on campaigns alone and data set answers comes from none.",
                        it -> it.campaign = null),
                new Case(
                        "REFUSE",
                        "Not trained: data set later, frozen later for desk, takes the place of answers, which can be replayed.",
                        it -> {
                            it.triggers = new Triggers(false, 10, null);
                            it.newer = "later";
                        }),
                new Case(
                        "REFUSE",
                        "Not trained: desk@4, the last candidate from the same campaign cmp-1, did not pass its gate (it is worse), and a second one would go the same way.",
                        it -> it.rejected =
                                new Rejected(new ModelVersion("desk", 4), "cmp-1", "alarm-0", "it is worse")),
                new Case(
                        "REFUSE",
                        "Not trained: desk@4, the last candidate from the same alarm, did not pass its gate (it is worse), and a second one would go the same way.",
                        it -> it.rejected = new Rejected(new ModelVersion("desk", 4), null, "alarm-1", "it is worse")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void everyDecisionSaysWhyInOneSentence(Case expected) {
        var given = new Given();
        expected.given().accept(given);

        var decision = given.decision();

        assertThat(decision.reason()).isEqualTo(expected.sentence());
        assertThat(outcome(decision)).isEqualTo(expected.outcome());
    }

    @Test
    void everyObstacleIsInTheTable() {
        assertThat(table().map(Case::outcome))
                .containsAll(Stream.of(Obstacle.values())
                        .filter(obstacle -> obstacle != Obstacle.NEWS)
                        .map(Obstacle::name)
                        .toList());
    }

    @Test
    void whatWaitsIsLookedAtAgainWhenItsObstacleIsGone() {
        var cooling = new Given();
        cooling.cooldown = 10;
        cooling.lastBegan = NOW.minus(Duration.ofMinutes(3));
        var spent = new Given();
        spent.budget = 1;
        spent.begun = List.of(hoursAgo(20));

        assertThat(((Wait) cooling.decision()).until()).isEqualTo(NOW.plus(Duration.ofMinutes(7)));
        assertThat(((Wait) spent.decision()).until()).isEqualTo(NOW.plus(Duration.ofHours(4)));
    }

    @Test
    void aTrainingNamesBaseRecipeAndReplay() {
        var train = (Train) new Given().decision();

        assertThat(train).isEqualTo(new Train("ds-2", 3, RECIPE, List.of(new Replay("ds-1", 84)), train.reason()));
    }

    @Test
    void aCampaignDoesNotGiveWayToAnother() {
        var given = new Given();
        given.triggers = new Triggers(true, 10, null);
        given.newer = "later";

        assertThat(given.decision()).isInstanceOf(Train.class);
    }

    @Test
    void theSameSituationGivesTheSameDecision() {
        var decisions = new ArrayList<Decision>();
        for (var i = 0; i < 3; i++) {
            decisions.add(new Given().decision());
        }

        assertThat(decisions).containsOnly(decisions.getFirst());
    }

    private static Instant hoursAgo(int hours) {
        return NOW.minus(Duration.ofHours(hours));
    }

    private static String outcome(Decision decision) {
        return switch (decision) {
            case Train ignored -> "TRAIN";
            case Wait wait -> wait.why().name();
            case Refuse ignored -> "REFUSE";
        };
    }
}
