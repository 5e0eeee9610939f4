package dev.gyre.registry.activity;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One training run through every stage, from the judgements it learned from to what became of it.
///
/// @param story correlation of its facts: its own id where a person asked for it
/// @param reason why it was trained, in one sentence
/// @param version such as `assistant@3`, once there is one
/// @param state state of the stage that it has come to
/// @param problem what keeps it from becoming a version, where something does
record RunStory(
        String run,
        String story,
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
        List<Activity> facts) {

    enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    /// @param name `judge`, `train`, `register`, `examine` or `decide`
    /// @param at when it was over, or began
    /// @param seconds how long it took, once it is over
    record Stage(
            String name,
            State state,
            @Nullable Instant at,
            @Nullable Double seconds,
            String title,
            List<String> details) {}

    /// A point of the loss curve.
    record Step(int step, int steps, double loss, double tokensPerSecond, Instant at) {}

    /// A fact with its time.
    record Told(Instant time, Fact fact) {}

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
            String run, List<Told> told, Optional<Told> dataset, @Nullable String problem, List<Activity> facts) {
        var asked = first(told, TrainingRequested.class);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        var request = (TrainingRequested) asked.get().fact();
        var registered = first(told, VersionRegistered.class);
        var examined = examined(told);
        var stages = List.of(
                judged(request, dataset),
                trained(asked.get(), told),
                registered(told, registered, problem),
                examined(registered, examined),
                decided(told, examined));
        return Optional.of(new RunStory(
                run,
                facts.isEmpty() ? run : facts.getFirst().correlation(),
                request.reason(),
                request.model(),
                request.base().toString(),
                request.dataset(),
                request.recipe(),
                request.seed(),
                registered
                        .map(it -> ((VersionRegistered) it.fact()).model().toString())
                        .orElse(null),
                outcome(stages),
                problem,
                stages,
                steps(told),
                examined.map(Told::fact)
                        .filter(EvaluationCompleted.class::isInstance)
                        .map(fact -> ((EvaluationCompleted) fact).scores())
                        .orElse(List.of()),
                facts));
    }

    private static String outcome(List<Stage> stages) {
        return stages.stream()
                .filter(stage -> stage.state() == State.FAILED)
                .findFirst()
                .or(() -> stages.stream()
                        .filter(stage -> stage.state() != State.DONE)
                        .findFirst())
                .orElse(stages.getLast())
                .title();
    }

    private static Stage judged(TrainingRequested request, Optional<Told> dataset) {
        if (dataset.isEmpty() || !(dataset.get().fact() instanceof DatasetFrozen frozen)) {
            return new Stage("judge", State.DONE, null, null, "data set " + request.dataset(), List.of());
        }
        return new Stage(
                "judge",
                State.DONE,
                dataset.get().time(),
                null,
                "%d judgements frozen as %s".formatted(frozen.judgementCount(), frozen.name()),
                List.of(
                        "%s, %s".formatted(word(frozen.kind()), word(frozen.purpose())),
                        "%d rows to train, %d held out"
                                .formatted(
                                        frozen.train().count(), frozen.heldOut().count()),
                        "Merkle root " + frozen.merkleRoot()));
    }

    private static Stage trained(Told asked, List<Told> told) {
        var started = last(told, TrainingStarted.class);
        var begin = started.map(Told::time).orElse(asked.time());
        for (var it : told) {
            if (it.fact() instanceof TrainingCompleted done) {
                return new Stage(
                        "train",
                        State.DONE,
                        it.time(),
                        done.seconds(),
                        "learned from %d rows".formatted(done.rows()),
                        details(done));
            }
            if (it.fact() instanceof TrainingFailed failed) {
                return new Stage(
                        "train",
                        State.FAILED,
                        it.time(),
                        between(begin, it.time()),
                        "training failed",
                        List.of(failed.reason()));
            }
            if (it.fact() instanceof TrainingCancelled) {
                return new Stage(
                        "train",
                        State.FAILED,
                        it.time(),
                        between(begin, it.time()),
                        "training was cancelled",
                        List.of());
            }
        }
        var progress = last(told, TrainingProgressed.class).map(it -> (TrainingProgressed) it.fact());
        if (started.isEmpty()) {
            return new Stage("train", State.WAITING, asked.time(), null, "waits for a trainer", List.of());
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
                        .toList());
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
        var completed = first(told, TrainingCompleted.class);
        if (registered.isPresent() && registered.get().fact() instanceof VersionRegistered version) {
            return new Stage(
                    "register",
                    State.DONE,
                    registered.get().time(),
                    completed
                            .map(it -> between(it.time(), registered.get().time()))
                            .orElse(null),
                    "%s is candidate".formatted(version.model()),
                    List.of("%d files".formatted(version.files().size()), "digest " + version.digest()));
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
            return new Stage("examine", State.DONE, at, seconds, "verdict " + word(done.verdict()), details);
        }
        var reason = examined.get().fact() instanceof EvaluationFailed failed ? failed.reason() : "";
        return new Stage("examine", State.FAILED, at, seconds, "could not be examined", List.of(reason));
    }

    private static Stage decided(List<Told> told, Optional<Told> examined) {
        var last = last(told, ChampionRolledBack.class);
        if (last.isPresent() && last.get().fact() instanceof ChampionRolledBack back) {
            return new Stage(
                    "decide",
                    State.DONE,
                    last.get().time(),
                    first(told, ChampionPromoted.class)
                            .map(it -> between(it.time(), last.get().time()))
                            .orElse(null),
                    "%s made way for %s".formatted(champion(back), back.model()),
                    List.of(back.reason()));
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
                                : List.of("after v" + promoted.previous()));
            }
            if (it.fact() instanceof CandidateRejected rejected) {
                return new Stage(
                        "decide",
                        State.DONE,
                        it.time(),
                        examined.map(verdict -> between(verdict.time(), it.time()))
                                .orElse(null),
                        "%s is not promoted".formatted(rejected.model()),
                        rejected.reasons());
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
        return last(told, EvaluationCompleted.class).or(() -> last(told, EvaluationFailed.class));
    }

    private static Optional<Told> first(List<Told> told, Class<? extends Fact> kind) {
        return told.stream().filter(it -> kind.isInstance(it.fact())).findFirst();
    }

    private static Optional<Told> last(List<Told> told, Class<? extends Fact> kind) {
        return told.stream().filter(it -> kind.isInstance(it.fact())).reduce((earlier, later) -> later);
    }

    private static double between(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
