package dev.gyre.registry.activity;

import dev.gyre.events.CampaignEvent.CampaignClosed;
import dev.gyre.events.CampaignEvent.CampaignOpened;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.Fact;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.registry.activity.Stage.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One campaign from the alarm that opened it to what became of the model that learned from it.
///
/// @param story correlation of its facts: it began where the alarm did
/// @param state what it has come to
/// @param judgements that people gave so far
/// @param run the run that learned from it, once there is one
/// @param version what that run became
/// @param facts those of the story in which something was decided
record CampaignStory(
        String campaign,
        String story,
        String trace,
        String model,
        String project,
        String state,
        Instant openedAt,
        int tasks,
        int judgements,
        @Nullable String run,
        @Nullable String version,
        List<Stage> stages,
        List<Activity> facts) {

    /// @param facts of the story, of which the first is not missing
    /// @param told the same, read
    /// @param asked the request to train on the campaign's data set, the newest where there are several
    /// @param run what became of it
    static CampaignStory tell(
            Told opening,
            List<Activity> facts,
            List<Told> told,
            int judgements,
            Optional<Told> asked,
            Optional<RunStory> run) {
        var opened = (CampaignOpened) opening.fact();
        var closed = about(told, CampaignClosed.class, it -> it.campaign().equals(opened.campaign()));
        var frozen = about(told, DatasetFrozen.class, it -> opened.campaign().equals(it.campaign()));
        var stages = new ArrayList<Stage>();
        stages.add(alarmed(opened, told));
        stages.add(opened(opening, opened));
        stages.add(judged(opening, opened, closed, judgements));
        stages.add(frozen(closed, frozen));
        stages.add(decided(frozen, asked));
        stages.addAll(run.map(it -> it.stages().subList(1, it.stages().size())).orElseGet(CampaignStory::later));
        return new CampaignStory(
                opened.campaign(),
                facts.getFirst().correlation(),
                facts.getFirst().trace(),
                opened.model(),
                opened.project(),
                ended(closed).orElseGet(() -> Stage.outcome(stages)),
                opening.time(),
                opened.tasks(),
                judgements,
                run.map(RunStory::run).orElse(null),
                run.map(RunStory::version).orElse(null),
                stages,
                facts);
    }

    /// Without a data set there is nothing more to come.
    private static Optional<String> ended(Optional<Told> closed) {
        return closed.map(it -> (CampaignClosed) it.fact())
                .filter(it -> it.dataset() == null)
                .map(CampaignStory::outcome);
    }

    private static Stage alarmed(CampaignOpened opened, List<Told> told) {
        var alarm = about(told, DriftDetected.class, it -> it.drift().equals(opened.drift()));
        if (alarm.isEmpty()) {
            var title = opened.drift() == null ? "a person began it" : "alarm " + opened.drift();
            return new Stage("alarm", State.DONE, null, null, title, List.of());
        }
        var drift = (DriftDetected) alarm.get().fact();
        var details = new ArrayList<String>();
        details.add(drift.explanation());
        details.add(String.format(
                Locale.ROOT,
                "%s (%s) %.4g, threshold %.4g, after %d interactions with %s",
                drift.statistic(),
                drift.detector(),
                drift.value(),
                drift.threshold(),
                drift.seen(),
                drift.model()));
        if (!drift.examples().isEmpty()) {
            details.add("for example " + String.join(", ", drift.examples()));
        }
        return new Stage("alarm", State.DONE, alarm.get().time(), null, "drift in " + drift.stream(), details)
                .saidBy(alarm.get(), drift.drift());
    }

    private static Stage opened(Told opening, CampaignOpened opened) {
        return new Stage(
                        "open",
                        State.DONE,
                        opening.time(),
                        null,
                        "people are asked %d things".formatted(opened.tasks()),
                        List.of(
                                "at most %d judgements, until %s".formatted(opened.budget(), opened.deadline()),
                                "project " + opened.project()))
                .saidBy(opening, opened.campaign());
    }

    private static Stage judged(Told opening, CampaignOpened opened, Optional<Told> closed, int judgements) {
        if (closed.isEmpty()) {
            var title = "%d of %d judgements".formatted(judgements, opened.budget());
            return new Stage("judge", State.RUNNING, opening.time(), null, title, List.of());
        }
        var ending = (CampaignClosed) closed.get().fact();
        return new Stage(
                        "judge",
                        ending.dataset() == null ? State.FAILED : State.DONE,
                        closed.get().time(),
                        Duration.between(opening.time(), closed.get().time()).toMillis() / 1000.0,
                        outcome(ending),
                        List.of(ending.reason()))
                .saidBy(closed.get(), ending.campaign());
    }

    private static String outcome(CampaignClosed ending) {
        return switch (ending.outcome()) {
            case ANSWERED -> "answered with %d judgements".formatted(ending.judgements());
            case DEADLINE -> "closed with %d judgements".formatted(ending.judgements());
            case TOO_FEW -> "closed: %d judgements are too few".formatted(ending.judgements());
            case CANCELLED -> "cancelled with %d judgements".formatted(ending.judgements());
        };
    }

    private static Stage frozen(Optional<Told> closed, Optional<Told> frozen) {
        if (frozen.isEmpty()) {
            var isComing = closed.map(it -> (CampaignClosed) it.fact())
                    .filter(it -> it.dataset() != null)
                    .isPresent();
            return new Stage(
                    "freeze",
                    isComing ? State.RUNNING : State.WAITING,
                    null,
                    null,
                    isComing ? "being frozen" : closed.isEmpty() ? "not frozen yet" : "nothing was frozen",
                    List.of());
        }
        return RunStory.frozen("freeze", frozen.get(), (DatasetFrozen) frozen.get().fact());
    }

    private static Stage decided(Optional<Told> frozen, Optional<Told> asked) {
        if (asked.isEmpty()) {
            return frozen.map(it -> new Stage(
                            "retrain",
                            State.RUNNING,
                            it.time(),
                            null,
                            "no run was asked for yet",
                            List.of("the retraining policy of the model decides; the trainer keeps its sentence")))
                    .orElse(new Stage("retrain", State.WAITING, null, null, "not decided yet", List.of()));
        }
        var request = (TrainingRequested) asked.get().fact();
        var details = Stream.concat(
                        Stream.of(request.reason()),
                        request.replay().stream()
                                .map(again -> "%d rows of %s again".formatted(again.rows(), again.dataset())))
                .toList();
        return new Stage(
                        "retrain",
                        State.DONE,
                        asked.get().time(),
                        frozen.map(it -> Duration.between(it.time(), asked.get().time())
                                        .toMillis()
                                / 1000.0)
                                .orElse(null),
                        "retraining from %s".formatted(request.base()),
                        details)
                .saidBy(asked.get(), request.run());
    }

    private static List<Stage> later() {
        return Stream.of("train", "register", "examine", "decide")
                .map(name -> new Stage(name, State.WAITING, null, null, "not yet", List.of()))
                .toList();
    }

    private static <F extends Fact> Optional<Told> about(
            List<Told> told, Class<F> kind, Predicate<F> wanted) {
        return told.stream()
                .filter(it -> kind.isInstance(it.fact())
                        && wanted.test(kind.cast(it.fact())))
                .findFirst();
    }
}
