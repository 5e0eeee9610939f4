package dev.gyre.annotation.campaign;

import dev.gyre.events.CampaignEvent.Outcome;
import java.util.Optional;

/// How a campaign ends.
///
/// @param freezes whether its judgements become a data set
/// @param reason why, in a whole sentence
record Closing(Outcome outcome, boolean freezes, String reason) {

    /// Where a campaign stands.
    ///
    /// @param tasks what people were asked about
    /// @param unsettled tasks that may still get a judgement
    /// @param skipped tasks that could not be asked
    /// @param minimum fewest judgements that are worth a data set
    /// @param late whether the deadline has come
    record Standing(int tasks, int unsettled, int skipped, int judgements, int minimum, boolean late) {

        boolean isEnough() {
            return judgements >= minimum;
        }
    }

    /// The rule: all is answered, or the deadline has come; and only enough judgements are frozen.
    ///
    /// @return nothing while people may still answer
    static Optional<Closing> of(Standing standing) {
        if (standing.unsettled() == 0) {
            return Optional.of(answered(standing));
        }
        if (!standing.late()) {
            return Optional.empty();
        }
        return Optional.of(
                standing.isEnough()
                        ? new Closing(
                                Outcome.DEADLINE,
                                true,
                                "The deadline came with %s; %d are enough."
                                        .formatted(given(standing), standing.minimum()))
                        : tooFew(Outcome.TOO_FEW, "The deadline came", standing));
    }

    /// A person does not want to wait for the rest.
    static Closing byHand(Standing standing) {
        if (standing.unsettled() == 0) {
            return answered(standing);
        }
        return standing.isEnough()
                ? new Closing(
                        Outcome.DEADLINE,
                        true,
                        "A manager brought the deadline forward with %s; %d are enough."
                                .formatted(given(standing), standing.minimum()))
                : tooFew(Outcome.CANCELLED, "A manager closed it", standing);
    }

    private static Closing answered(Standing standing) {
        var all = standing.skipped() == 0
                ? "All %d tasks are answered".formatted(standing.tasks())
                : "All tasks are answered but %d of %d that could not be asked"
                        .formatted(standing.skipped(), standing.tasks());
        return standing.isEnough()
                ? new Closing(Outcome.ANSWERED, true, "%s, with %s.".formatted(all, given(standing)))
                : tooFew(Outcome.TOO_FEW, all, standing);
    }

    private static Closing tooFew(Outcome outcome, String what, Standing standing) {
        return new Closing(
                outcome,
                false,
                "%s with %s where %d are needed: nothing is frozen, the judgements stay."
                        .formatted(what, given(standing), standing.minimum()));
    }

    private static String given(Standing standing) {
        return standing.judgements() == 1 ? "1 judgement" : standing.judgements() + " judgements";
    }

    /// The same end, but without a data set.
    Closing withoutDataset(String why) {
        return new Closing(outcome, false, "%s Nothing is frozen: %s.".formatted(reason, why));
    }
}
