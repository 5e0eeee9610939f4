package dev.gyre.registry.activity;

import dev.gyre.delivery.Cause;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.EvaluationEvent;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.EvaluationFailed;
import dev.gyre.events.EvaluationEvent.Score;
import dev.gyre.events.Fact;
import dev.gyre.events.ModelEvent;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.ChampionRolledBack;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.RecipeSpec;
import dev.gyre.events.TrainingEvent;
import dev.gyre.events.TrainingEvent.TrainingCancelled;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingFailed;
import dev.gyre.events.TrainingEvent.TrainingProgressed;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.events.TrainingEvent.TrainingStarted;
import dev.gyre.registry.activity.Stage.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One training run through every stage, from the judgements it learned from to what became of it.
///
/// @param story correlation of its facts: its own id where a person asked for it
/// @param trace trace id of the story
/// @param campaign the campaign that its data set came from
/// @param reason why it was trained, in one sentence
/// @param version such as `assistant@3`, once there is one
/// @param state state of the stage that it has come to
/// @param suites names of the data sets that it was examined on, by their ids
/// @param problem what keeps it from becoming a version, where something does
record RunStory(
        String run,
        String story,
        String trace,
        @Nullable String campaign,
        String reason,
        String model,
        String base,
        String dataset,
        RecipeSpec recipe,
        long seed,
        @Nullable String version,
        String state,
        @Nullable String problem,
        List<Stage> stages,
        List<Step> steps,
        List<Score> scores,
        Map<String, String> suites,
        List<Activity> facts) {

    /// A point of the loss curve.
    record Step(int step, int steps, double loss, double tokensPerSecond, Instant at) {}

    /// What a story tells of one run: a story that a drift alarm began may hold several.
    static List<Told> about(String run, List<Told> story) {
        var version = story.stream()
                .map(Told::fact)
                .filter(fact -> fact instanceof VersionRegistered registered && run.equals(registered.run()))
                .map(fact -> ((VersionRegistered) fact).model())
                .findFirst()
                .orElse(null);
        return story.stream()
                .filter(told -> switch (told.fact()) {
                    case TrainingEvent training -> training.run().equals(run);
                    case EvaluationEvent evaluation -> evaluation.model().equals(version);
                    case ChampionRolledBack back -> champion(back).equals(version);
                    case ModelEvent model -> model.model().equals(version);
                    case Fact ignored -> false;
                })
                .toList();
    }

    /// The version that was champion until then.
    private static ModelVersion champion(ChampionRolledBack back) {
        return new ModelVersion(back.model().name(), back.from());
    }

    /// @param dataset the freeze of its data set, where it is known
    static Optional<RunStory> tell(
            String run,
            List<Told> told,
            Optional<Told> dataset,
            Map<String, String> suites,
            @Nullable String problem,
            List<Activity> facts) {
        var asked = Told.first(told, TrainingRequested.class);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        var request = (TrainingRequested) asked.get().fact();
        var story = facts.isEmpty() ? run : facts.getFirst().correlation();
        var registered = Told.first(told, VersionRegistered.class);
        var examined = examined(told);
        var stages = List.of(
                judged(request, dataset),
                trained(asked.get(), told),
                registered(told, registered, problem),
                examined(registered, examined),
                decided(told, examined));
        return Optional.of(new RunStory(
                run,
                story,
                new Cause(story, null, 0).trace(),
                dataset.map(it -> ((DatasetFrozen) it.fact()).campaign()).orElse(null),
                request.reason(),
                request.model(),
                request.base().toString(),
                request.dataset(),
                request.recipe(),
                request.seed(),
                registered
                        .map(it -> ((VersionRegistered) it.fact()).model().toString())
                        .orElse(null),
                Stage.outcome(stages),
                problem,
                stages,
                steps(told),
                examined.map(Told::fact)
                        .filter(EvaluationCompleted.class::isInstance)
                        .map(fact -> ((EvaluationCompleted) fact).scores())
                        .orElse(List.of()),
                suites,
                facts));
    }

    private static Stage judged(TrainingRequested request, Optional<Told> dataset) {
        if (dataset.isEmpty() || !(dataset.get().fact() instanceof DatasetFrozen frozen)) {
            return new Stage("judge", State.DONE, null, null, "data set " + request.dataset(), List.of());
        }
        return frozen("judge", dataset.get(), frozen);
    }

    /// @param name of the stage that ends with the data set
    static Stage frozen(String name, Told told, DatasetFrozen frozen) {
        return new Stage(
                        name,
                        State.DONE,
                        told.time(),
                        null,
                        "%d judgements frozen as %s".formatted(frozen.judgementCount(), frozen.name()),
                        List.of(
                                "%s, %s".formatted(word(frozen.kind()), word(frozen.purpose())),
                                "%d rows to train, %d held out"
                                        .formatted(
                                                frozen.train().count(),
                                                frozen.heldOut().count()),
                                "Merkle root " + frozen.merkleRoot()))
                .saidBy(told, frozen.dataset());
    }

    private static Stage trained(Told asked, List<Told> told) {
        var started = Told.last(told, TrainingStarted.class);
        var begin = started.map(Told::time).orElse(asked.time());
        for (var it : told) {
            if (it.fact() instanceof TrainingCompleted done) {
                return new Stage(
                        "train",
                        State.DONE,
                        it.time(),
                        done.seconds(),
                                "learned from %d rows".formatted(done.rows()),
                                details(done))
                        .saidBy(it, done.run());
            }
            if (it.fact() instanceof TrainingFailed failed) {
                return new Stage(
                        "train",
                        State.FAILED,
                        it.time(),
                        between(begin, it.time()),
                                "training failed",
                                List.of(failed.reason()))
                        .saidBy(it, failed.run());
            }
            if (it.fact() instanceof TrainingCancelled cancelled) {
                return new Stage(
                        "train",
                        State.FAILED,
                        it.time(),
                        between(begin, it.time()),
                                "training was cancelled",
                                List.of())
                        .saidBy(it, cancelled.run());
            }
        }
        var progress = Told.last(told, TrainingProgressed.class).map(it -> (TrainingProgressed) it.fact());
        if (started.isEmpty()) {
            return new Stage("train", State.WAITING, asked.time(), null, "waits for a trainer", List.of())
                    .saidBy(asked, asked.fact().key());
        }
        return new Stage(
                "train",
                State.RUNNING,
                begin,
                null,
                progress.map(it -> "step %d of %d".formatted(it.step(), it.steps()))
                        .orElse("training begins"),
                progress
                        .map(it ->
                                String.format(Locale.ROOT, "loss %.4f, %.0f tokens/s", it.loss(), it.tokensPerSecond()))
                        .stream()
                        .toList())
                .saidBy(started.get(), asked.fact().key());
    }

    private static List<String> details(TrainingCompleted done) {
        var details = new ArrayList<String>();
        details.add("%s, adapter %s, seed %d"
                .formatted(done.recipe().method(), done.recipe().adapter(), done.seed()));
        done.replay()
                .forEach(again -> details.add("%d of them replayed from %s".formatted(again.rows(), again.dataset())));
        details.add(String.format(Locale.ROOT, "%.0f tokens/s on %s", done.tokensPerSecond(), done.device()));
        details.add("code " + done.codeVersion());
        return details;
    }

    private static Stage registered(List<Told> told, Optional<Told> registered, @Nullable String problem) {
        var completed = Told.first(told, TrainingCompleted.class);
        if (registered.isPresent() && registered.get().fact() instanceof VersionRegistered version) {
            return new Stage(
                    "register",
                    State.DONE,
                    registered.get().time(),
                    completed
                            .map(it -> between(it.time(), registered.get().time()))
                            .orElse(null),
                    "%s is candidate".formatted(version.model()),
                    List.of("%d files".formatted(version.files().size()), "digest " + version.digest()))
                    .saidBy(registered.get(), version.model().toString());
        }
        if (problem != null) {
            return new Stage("register", State.FAILED, null, null, "cannot be registered", List.of(problem));
        }
        return waiting("register", completed, "being registered", "not registered yet");
    }

    private static Stage examined(Optional<Told> registered, Optional<Told> examined) {
        if (examined.isEmpty()) {
            return waiting("examine", registered, "being examined", "not examined yet");
        }
        var at = examined.get().time();
        var seconds = registered.map(it -> between(it.time(), at)).orElse(null);
        if (examined.get().fact() instanceof EvaluationCompleted done) {
            var details = new ArrayList<String>();
            details.add("compared with " + (done.champion() == null ? "nobody" : done.champion()));
            details.addAll(done.reasons());
            return new Stage("examine", State.DONE, at, seconds, "verdict " + word(done.verdict()), details)
                    .saidBy(examined.get(), done.evaluation());
        }
        var failed = (EvaluationFailed) examined.get().fact();
        return new Stage("examine", State.FAILED, at, seconds, "could not be examined", List.of(failed.reason()))
                .saidBy(examined.get(), failed.evaluation());
    }

    private static Stage decided(List<Told> told, Optional<Told> examined) {
        var last = Told.last(told, ChampionRolledBack.class);
        if (last.isPresent() && last.get().fact() instanceof ChampionRolledBack back) {
            return new Stage(
                    "decide",
                    State.DONE,
                    last.get().time(),
                    Told.first(told, ChampionPromoted.class)
                            .map(it -> between(it.time(), last.get().time()))
                            .orElse(null),
                    "%s made way for %s".formatted(champion(back), back.model()),
                    List.of(back.reason()))
                    .saidBy(last.get(), back.model().toString());
        }
        for (var it : told) {
            if (it.fact() instanceof ChampionPromoted promoted) {
                return new Stage(
                        "decide",
                        State.DONE,
                        it.time(),
                        examined.map(verdict -> between(verdict.time(), it.time()))
                                .orElse(null),
                        "%s is champion".formatted(promoted.model()),
                        promoted.previous() == null
                                ? List.of("the first one")
                                : List.of("after v" + promoted.previous()))
                        .saidBy(it, promoted.model().toString());
            }
            if (it.fact() instanceof CandidateRejected rejected) {
                return new Stage(
                        "decide",
                        State.DONE,
                        it.time(),
                        examined.map(verdict -> between(verdict.time(), it.time()))
                                .orElse(null),
                        "%s is not promoted".formatted(rejected.model()),
                        rejected.reasons())
                        .saidBy(it, rejected.model().toString());
            }
        }
        return waiting("decide", examined, "being decided", "not decided yet");
    }

    private static Stage waiting(String name, Optional<Told> before, String running, String waiting) {
        return before.map(it -> new Stage(name, State.RUNNING, it.time(), null, running, List.of()))
                .orElse(new Stage(name, State.WAITING, null, null, waiting, List.of()));
    }

    private static List<Step> steps(List<Told> told) {
        return told.stream()
                .filter(it -> it.fact() instanceof TrainingProgressed)
                .map(it -> {
                    var progress = (TrainingProgressed) it.fact();
                    return new Step(
                            progress.step(), progress.steps(), progress.loss(), progress.tokensPerSecond(), it.time());
                })
                .toList();
    }

    private static Optional<Told> examined(List<Told> told) {
        return Told.last(told, EvaluationCompleted.class).or(() -> Told.last(told, EvaluationFailed.class));
    }

    private static double between(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
