package dev.gyre.trainer.policy;

import dev.gyre.delivery.Cause;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.trainer.policy.Decision.Obstacle;
import dev.gyre.trainer.policy.Decision.Refuse;
import dev.gyre.trainer.policy.Decision.Train;
import dev.gyre.trainer.policy.Decision.Wait;
import dev.gyre.trainer.run.ReplayPlan;
import dev.gyre.trainer.run.ReplayPlan.Past;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides whether a model is trained on a data set; the same situation always gives the same decision.
///
/// First what can never be, then what starts a training, then what it has to wait for.
final class RetrainingPolicy {

    /// Facts that follow a request before the story rests: started, completed, registered, examined, promoted.
    private static final int FACTS_TO_COME = 6;

    private static final Duration DAY = Duration.ofDays(1);

    private RetrainingPolicy() {}

    static Decision decide(Situation at, Signal signal, Instant now) {
        return refusal(at, signal)
                .or(() -> superseded(at, signal))
                .or(() -> notStarted(at, signal, now))
                .or(() -> obstacle(at, now))
                .orElseGet(() -> train(at, signal));
    }

    private static Optional<Decision> refusal(Situation at, Signal signal) {
        var dataset = signal.dataset();
        if (signal.tainted() != null) {
            return refuse("data set %s must not be learned from any more: %s", dataset.name(), signal.tainted());
        }
        if (!dataset.doubts().isEmpty()) {
            return refuse(
                    "the judgements of data set %s are in doubt, because %s; look at them, withdraw what is wrong and freeze again, or have an engineer start a run by hand",
                    dataset.name(), doubts(dataset));
        }
        if (!at.policy().recipes().containsKey(dataset.kind())) {
            return refuse(
                    "the policy for %s has no recipe for data sets of kind %s, such as %s",
                    at.model(), dataset.kind(), dataset.name());
        }
        if (dataset.train().count() < at.minimumRows()) {
            return refuse(
                    "data set %s has %s to learn from and at least %d are needed",
                    dataset.name(), count(dataset.train().count(), "row"), at.minimumRows());
        }
        if (signal.cause().depth() + FACTS_TO_COME > Cause.DEEPEST) {
            return refuse(
                    "data set %s is %d facts away from a person and the circle would end deeper than %d, which is a loop",
                    dataset.name(), signal.cause().depth(), Cause.DEEPEST);
        }
        var failed = at.rejected();
        if (failed != null && isOfTheSame(failed, signal)) {
            return refuse(
                    "%s, the last candidate from the same %s, did not pass its gate (%s), and a second one would go the same way",
                    failed.candidate(), sameAs(failed, signal), failed.reason());
        }
        return Optional.empty();
    }

    private static String doubts(DatasetFrozen dataset) {
        return dataset.doubts().stream()
                .map(doubt -> "%s agreed with the others on %d of %d tasks where chance alone gives %d"
                        .formatted(
                                doubt.annotator(),
                                doubt.agreed(),
                                doubt.compared(),
                                Math.round(doubt.chance() * doubt.compared())))
                .collect(Collectors.joining(" and "));
    }

    private static boolean isOfTheSame(Situation.Rejected failed, Signal signal) {
        return (failed.campaign() != null
                        && failed.campaign().equals(signal.dataset().campaign()))
                || failed.story().equals(signal.cause().correlation());
    }

    private static String sameAs(Situation.Rejected failed, Signal signal) {
        var campaign = signal.dataset().campaign();
        return campaign != null && campaign.equals(failed.campaign()) ? "campaign " + campaign : "alarm";
    }

    /// The newest data set stands for those before it, unless each has a campaign of its own.
    private static Optional<Decision> superseded(Situation at, Signal signal) {
        if (at.newer() == null || startsByCampaign(at, signal.dataset()) || hasNoOtherTrigger(at)) {
            return Optional.empty();
        }
        return Optional.of(new Refuse(
                "Not trained: data set %s, frozen later for %s, takes the place of %s, which can be replayed."
                        .formatted(at.newer(), at.model(), signal.dataset().name()),
                true));
    }

    /// Why nothing starts a training now.
    private static Optional<Decision> notStarted(Situation at, Signal signal, Instant now) {
        if (startsByCampaign(at, signal.dataset())) {
            return Optional.empty();
        }
        if (hasNoOtherTrigger(at)) {
            return refuse(
                    "the policy for %s trains on campaigns alone and data set %s comes from none",
                    at.model(), signal.dataset().name());
        }
        if (isEnough(at)) {
            return Optional.empty();
        }
        var due = due(at);
        if (due != null && !due.isAfter(now)) {
            return Optional.empty();
        }
        var judgements = at.policy().triggers().judgements();
        var missing = judgements == null
                ? ""
                : "%s of the %d that start a training"
                        .formatted(count(at.newJudgements(), "new judgement"), judgements);
        var schedule =
                due == null ? "" : "the next training of %s is due in %s".formatted(at.model(), minutes(now, due));
        return Optional.of(new Wait(
                Obstacle.TRIGGER,
                due == null || judgements != null ? sooner(now.plus(at.look()), due) : due,
                missing.isEmpty()
                        ? "Not trained yet: %s.".formatted(schedule)
                        : "Not trained yet: %s has %s%s."
                                .formatted(at.model(), missing, schedule.isEmpty() ? "" : ", and " + schedule)));
    }

    /// What is in the way of a training that is to start.
    private static Optional<Decision> obstacle(Situation at, Instant now) {
        var soon = now.plus(at.look());
        if (at.champion() == null) {
            return wait(Obstacle.CHAMPION, soon, "%s has no champion to start from", at.model());
        }
        if (at.openRun() != null) {
            return wait(Obstacle.OPEN_RUN, soon, "run %s of %s has not ended", at.openRun(), at.model());
        }
        var cooldown = at.policy().cooldownMinutes();
        if (at.lastBegan() != null) {
            var cool = at.lastBegan().plus(Duration.ofMinutes(cooldown));
            if (cool.isAfter(now)) {
                return wait(
                        Obstacle.COOL_DOWN,
                        cool,
                        "the last run for %s began %s ago and the cool-down is %d",
                        at.model(),
                        minutes(at.lastBegan(), now),
                        cooldown);
            }
        }
        var today = at.begun().stream()
                .filter(began -> began.plus(DAY).isAfter(now))
                .sorted()
                .toList();
        var budget = at.policy().runsPerDay();
        if (today.size() >= budget) {
            return wait(
                    Obstacle.BUDGET,
                    today.get(today.size() - budget).plus(DAY),
                    "the policy for %s began %s in the last 24 hours and its budget is %d",
                    at.model(),
                    count(today.size(), "run"),
                    budget);
        }
        return Optional.empty();
    }

    private static Decision train(Situation at, Signal signal) {
        var dataset = signal.dataset();
        var champion = at.champion();
        var recipe = at.policy().recipes().get(dataset.kind());
        if (champion == null || recipe == null) {
            throw new IllegalStateException("no champion or no recipe to train %s with".formatted(at.model()));
        }
        var wanted =
                ReplayPlan.wanted(at.policy().replayShare(), dataset.train().count());
        var replay = ReplayPlan.spread(wanted, at.past());
        return new Train(
                dataset.dataset(),
                champion,
                recipe,
                replay,
                "%s; training on them %s.".formatted(occasion(at, dataset), with(wanted, replay, at.past())));
    }

    private static String occasion(Situation at, DatasetFrozen dataset) {
        var rows = count(dataset.train().count(), "new row");
        if (startsByCampaign(at, dataset)) {
            return "Campaign %s brought %s for %s".formatted(dataset.campaign(), rows, at.model());
        }
        if (isEnough(at)) {
            return "%s has %s, %s start a training, and data set %s has %s"
                    .formatted(
                            at.model(),
                            count(at.newJudgements(), "new judgement"),
                            at.policy().triggers().judgements(),
                            dataset.name(),
                            rows);
        }
        return "%s is trained every %s, and data set %s has %s"
                .formatted(
                        at.model(),
                        count(
                                Optional.ofNullable(at.policy().triggers().everyMinutes())
                                        .orElse(0),
                                "minute"),
                        dataset.name(),
                        rows);
    }

    private static String with(int wanted, List<Replay> replay, List<Past> past) {
        if (wanted == 0) {
            return "without replay";
        }
        if (replay.isEmpty()) {
            return "with nothing to replay";
        }
        return replay.stream()
                .map(again -> "%s of %s".formatted(count(again.rows(), "replayed row"), name(again, past)))
                .collect(Collectors.joining(" and ", "with ", ""));
    }

    private static String name(Replay replay, List<Past> past) {
        return past.stream()
                .filter(it -> it.dataset().equals(replay.dataset()))
                .map(Past::name)
                .findFirst()
                .orElse(replay.dataset());
    }

    private static boolean startsByCampaign(Situation at, DatasetFrozen dataset) {
        return at.policy().triggers().campaign() && dataset.campaign() != null;
    }

    private static boolean hasNoOtherTrigger(Situation at) {
        var triggers = at.policy().triggers();
        return triggers.judgements() == null && triggers.everyMinutes() == null;
    }

    private static boolean isEnough(Situation at) {
        var judgements = at.policy().triggers().judgements();
        return judgements != null && at.newJudgements() >= judgements;
    }

    /// When the schedule trains next; at once where the model was never trained.
    private static @Nullable Instant due(Situation at) {
        var every = at.policy().triggers().everyMinutes();
        if (every == null) {
            return null;
        }
        return at.lastBegan() == null ? Instant.MIN : at.lastBegan().plus(Duration.ofMinutes(every));
    }

    private static Instant sooner(Instant one, @Nullable Instant other) {
        return other != null && other.isBefore(one) ? other : one;
    }

    private static Optional<Decision> refuse(String because, Object... values) {
        return Optional.of(new Refuse("Not trained: %s.".formatted(because.formatted(values))));
    }

    private static Optional<Decision> wait(Obstacle why, Instant until, String because, Object... values) {
        return Optional.of(new Wait(why, until, "Not trained yet: %s.".formatted(because.formatted(values))));
    }

    private static String count(int number, String what) {
        return number == 1 ? "1 " + what : "%d %ss".formatted(number, what);
    }

    private static String minutes(Instant from, Instant to) {
        return count((int) Duration.between(from, to).toMinutes(), "minute");
    }
}
