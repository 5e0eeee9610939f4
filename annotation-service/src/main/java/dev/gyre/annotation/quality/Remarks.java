package dev.gyre.annotation.quality;

import dev.gyre.annotation.reliability.Reliability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a manager should look at, in words; on too few judgements nothing is remarked.
final class Remarks {

    /// A habit within this much of one half is nothing to remark, however many judgements show it.
    private static final double SLIGHT = 0.05;

    private static final double GOLD_PASS = 0.7;
    private static final double CONSISTENT = 0.7;
    private static final double MANY = 0.2;

    private final List<String> found = new ArrayList<>();

    /// @param fewest judgements without which nothing but a doubt is remarked
    static List<String> of(
            Reliability agreement,
            int judged,
            int fewest,
            Habits habits,
            @Nullable Share consistent,
            @Nullable Share gold) {
        var remarks = new Remarks();
        if (agreement.doubt() != null) {
            remarks.found.add(agreement.doubt());
        }
        if (judged < fewest) {
            return remarks.found;
        }
        remarks.half(habits.left(), "the answer on the left", "the answer on the right");
        remarks.half(habits.longer(), "the longer answer", "the shorter answer");
        remarks.below(gold, GOLD_PASS, "Passed %s of the gold questions (%s).");
        remarks.below(consistent, CONSISTENT, "Answered %s of the repeated tasks as before (%s).");
        var hasty = habits.hasty();
        if (hasty != null && hasty.low() > MANY) {
            remarks.found.add("Took less time than reading does on %s of the judgements (%s)."
                    .formatted(percent(hasty.value()), count(hasty)));
        }
        return remarks.found;
    }

    private void half(@Nullable Share share, String above, String below) {
        if (share != null && share.excludes(0.5) && Math.abs(share.value() - 0.5) > SLIGHT) {
            boolean more = share.value() > 0.5;
            found.add("Chose %s in %s of the pairs (%s)."
                    .formatted(
                            more ? above : below,
                            percent(more ? share.value() : 1 - share.value()),
                            interval(share, more)));
        }
    }

    private void below(@Nullable Share share, double wanted, String sentence) {
        if (share != null && share.value() < wanted) {
            found.add(sentence.formatted(percent(share.value()), count(share)));
        }
    }

    private static String interval(Share share, boolean more) {
        return "%s to %s, %d pairs"
                .formatted(
                        percent(more ? share.low() : 1 - share.high()),
                        percent(more ? share.high() : 1 - share.low()),
                        share.trials());
    }

    private static String count(Share share) {
        return "%d of %d".formatted(share.hits(), share.trials());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
