package dev.gyre.annotation.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.annotation.reliability.Reliability;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.ModelVersion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HabitsTest {

    private static final ReadingFloor FLOOR = new ReadingFloor(10, 6);

    /// The first answer is the longer one. Chosen: first on the left, first on the right, second on the left.
    @Test
    void leftAndLongerAreCountedByWhatWasShownAndWhatWasChosen() {
        var task = asked(null, 300, 100);

        var habits =
                Habits.of(List.of(answer(-2, "A", 0), answer(-1, "B", 0), answer(3, "B", 0)), Map.of("t", task), FLOOR);

        assertThat(habits.left()).isEqualTo(Share.of(2, 3));
        assertThat(habits.longer()).isEqualTo(Share.of(2, 3));
        assertThat(habits.activeMillis()).isNull();
        assertThat(habits.hasty()).isNull();
    }

    @Test
    void tiesAndAnswersOfOneLengthSayNothing() {
        assertThat(Habits.of(List.of(answer(0, "A", 0)), Map.of("t", asked(null, 3, 1)), FLOOR)
                        .left())
                .isNull();
        assertThat(Habits.of(List.of(answer(1, "A", 0)), Map.of("t", asked(null, 2, 2)), FLOOR)
                        .longer())
                .isNull();
    }

    /// 600 bytes are a hundred words, for which nobody needs less than ten seconds; what a model wrote comes on top.
    @Test
    void whoIsFasterThanReadingIsHasty() {
        var answers = List.of(answer(1, "A", 9_999), answer(1, "A", 10_000), answer(1, "A", 30_000), answer(1, "A", 0));

        var recorded = Habits.of(answers, Map.of("t", asked(null, 300, 300)), FLOOR);
        var written = Habits.of(answers, Map.of("t", asked(new ModelVersion("m", 1), 300, 300)), FLOOR);

        assertThat(recorded.hasty()).isEqualTo(Share.of(1, 3));
        assertThat(written.hasty()).isEqualTo(Share.of(2, 3));
        assertThat(recorded.activeMillis()).isEqualTo(10_000);
    }

    @Test
    void nothingIsRemarkedOnTooFewJudgementsNorOnASlightHabit() {
        var left = new Habits(Share.of(29, 29), null, null, null);
        var slight = new Habits(Share.of(5300, 10_000), null, null, null);

        assertThat(remarks(left, 29, null)).isEmpty();
        assertThat(remarks(left, 30, null))
                .containsExactly("Chose the answer on the left in 100 % of the pairs (88 % to 100 %, 29 pairs).");
        assertThat(remarks(slight, 10_000, null)).isEmpty();
        assertThat(remarks(new Habits(null, Share.of(10, 40), null, null), 40, null))
                .containsExactly("Chose the shorter answer in 75 % of the pairs (60 % to 86 %, 40 pairs).");
        assertThat(remarks(new Habits(null, null, null, null), 40, Share.of(6, 10)))
                .containsExactly("Passed 60 % of the gold questions (6 of 10).");
    }

    private static List<String> remarks(Habits habits, int judged, @Nullable Share gold) {
        var agreement = new Reliability("ann", 0, 0, null, null, null, null, null);
        return new ArrayList<>(Remarks.of(agreement, judged, 30, habits, null, gold));
    }

    private static Answer answer(int strength, String left, long millis) {
        return new Answer("t", "ann", "HUMAN", strength < 0 ? "A" : strength > 0 ? "B" : "tie", strength, left, millis);
    }

    private static Asked asked(@Nullable ModelVersion model, long first, long second) {
        return new Asked("t", List.of(candidate("A", model, first), candidate("B", model, second)), 600);
    }

    private static Candidate candidate(String id, @Nullable ModelVersion model, long bytes) {
        return new Candidate(id, model, new ArtifactRef(URI.create("s3://b/" + id), id, bytes));
    }
}
