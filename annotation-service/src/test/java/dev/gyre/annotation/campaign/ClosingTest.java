package dev.gyre.annotation.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.annotation.campaign.Closing.Standing;
import dev.gyre.events.CampaignEvent.Outcome;
import org.junit.jupiter.api.Test;

class ClosingTest {

    @Test
    void staysOpenWhilePeopleMayStillAnswer() {
        assertThat(Closing.of(new Standing(40, 1, 0, 39, 30, false))).isEmpty();
        assertThat(Closing.of(new Standing(40, 40, 0, 0, 30, false))).isEmpty();
    }

    @Test
    void allAnsweredEndsItBeforeTheDeadline() {
        var closing = Closing.of(new Standing(40, 0, 2, 38, 30, false)).orElseThrow();

        assertThat(closing.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(closing.freezes()).isTrue();
        assertThat(closing.reason())
                .isEqualTo("All tasks are answered but 2 of 40 that could not be asked, with 38 judgements.");
    }

    @Test
    void tasksThatCouldNotBeAskedMayLeaveTooFew() {
        var closing = Closing.of(new Standing(40, 0, 30, 10, 30, false)).orElseThrow();

        assertThat(closing.outcome()).isEqualTo(Outcome.TOO_FEW);
        assertThat(closing.freezes()).isFalse();
    }

    @Test
    void deadlineDividesAtTheMinimum() {
        var enough = Closing.of(new Standing(40, 10, 0, 30, 30, true)).orElseThrow();
        var tooFew = Closing.of(new Standing(40, 11, 0, 29, 30, true)).orElseThrow();

        assertThat(enough.outcome()).isEqualTo(Outcome.DEADLINE);
        assertThat(enough.freezes()).isTrue();
        assertThat(tooFew.outcome()).isEqualTo(Outcome.TOO_FEW);
        assertThat(tooFew.freezes()).isFalse();
    }

    @Test
    void personEndsItWithADatasetOnlyWhereThereIsEnough() {
        assertThat(Closing.byHand(new Standing(40, 10, 0, 30, 30, false)))
                .isEqualTo(new Closing(
                        Outcome.DEADLINE,
                        true,
                        "A manager brought the deadline forward with 30 judgements; 30 are enough."));
        assertThat(Closing.byHand(new Standing(40, 39, 0, 1, 30, false)))
                .isEqualTo(
                        new Closing(
                                Outcome.CANCELLED,
                                false,
                                "A manager closed it with 1 judgement where 30 are needed: nothing is frozen, the judgements stay."));
    }
}
