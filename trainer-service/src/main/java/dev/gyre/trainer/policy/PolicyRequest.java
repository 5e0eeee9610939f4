package dev.gyre.trainer.policy;

import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.trainer.policy.Policy.Triggers;
import dev.gyre.trainer.run.AdmissionRule;
import dev.gyre.trainer.run.ReplayPlan;
import dev.gyre.trainer.run.RunRequest.Learning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A policy as somebody asks for it; what is null was left out and has its default.
///
/// @param seed 0 if left out
/// @param triggers campaigns alone if left out
/// @param replayShare 0.5 if left out
/// @param cooldownMinutes 0 if left out
/// @param runsPerDay 24 if left out
record PolicyRequest(
        @Nullable Map<String, @Nullable Learning> recipes,
        @Nullable Long seed,
        @Nullable Asked triggers,
        @Nullable Double replayShare,
        @Nullable Integer cooldownMinutes,
        @Nullable Integer runsPerDay,
        @Nullable String tooLong) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
    private static final double REPLAY_SHARE = 0.5;
    private static final int RUNS_PER_DAY = 24;
    /// A year: longer is a slip of the pen.
    private static final int MOST_MINUTES = 366 * 24 * 60;

    /// @param campaign true if left out
    record Asked(
            @Nullable Boolean campaign,
            @Nullable Integer judgements,
            @Nullable Integer everyMinutes) {}

    /// The policy.
    ///
    /// @throws IllegalArgumentException naming all that is wrong
    Policy policy(String model, AdmissionRule admission) {
        var objections = new ArrayList<String>();
        if (!NAME.matcher(model).matches()) {
            objections.add("model is '%s', must be the name of a model: letters, digits, '.', '_' and '-'"
                    .formatted(model));
        }
        var read = recipes(admission, objections);
        var when = triggers == null ? new Asked(true, null, null) : triggers;
        var wanted = new Triggers(!Boolean.FALSE.equals(when.campaign()), when.judgements(), when.everyMinutes());
        bounded("triggers.judgements", wanted.judgements(), 1, Integer.MAX_VALUE, objections);
        bounded("triggers.everyMinutes", wanted.everyMinutes(), 1, MOST_MINUTES, objections);
        if (!wanted.campaign() && wanted.judgements() == null && wanted.everyMinutes() == null) {
            objections.add(
                    "triggers name nothing that starts a training, must be campaign, judgements or everyMinutes; DELETE the policy to train no more");
        }
        double share = replayShare == null ? REPLAY_SHARE : replayShare;
        if (!(share >= 0 && share <= ReplayPlan.LARGEST_SHARE)) {
            objections.add("replayShare is %s, must be 0 to %s".formatted(share, ReplayPlan.LARGEST_SHARE));
        }
        bounded("cooldownMinutes", cooldownMinutes, 0, MOST_MINUTES, objections);
        bounded("runsPerDay", runsPerDay, 1, 10_000, objections);
        if (!objections.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", objections));
        }
        return new Policy(
                read,
                seed == null ? 0 : seed,
                wanted,
                share,
                cooldownMinutes == null ? 0 : cooldownMinutes,
                runsPerDay == null ? RUNS_PER_DAY : runsPerDay,
                tooLong);
    }

    private Map<Kind, Learning> recipes(AdmissionRule admission, List<String> objections) {
        var read = new HashMap<Kind, Learning>();
        if (recipes == null || recipes.isEmpty()) {
            objections.add("recipes is empty, must have a recipe for at least one of %s"
                    .formatted(Arrays.toString(Kind.values())));
            return read;
        }
        recipes.forEach((name, learning) -> {
            var kind = Arrays.stream(Kind.values())
                    .filter(it -> it.name().equals(name))
                    .findFirst();
            if (kind.isEmpty()) {
                objections.add("recipes has '%s', must be one of %s".formatted(name, Arrays.toString(Kind.values())));
                return;
            }
            admission
                    .objections(kind.get(), learning, tooLong)
                    .forEach(wrong -> objections.add("recipes.%s: %s".formatted(name, wrong)));
            if (learning != null) {
                read.put(kind.get(), learning);
            }
        });
        return read;
    }

    private static void bounded(
            String field, @Nullable Integer value, int least, int most, List<String> objections) {
        if (value != null && (value < least || value > most)) {
            objections.add("%s is %d, must be %d to %d".formatted(field, value, least, most));
        }
    }
}
