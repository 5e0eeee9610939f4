package dev.gyre.registry.activity;

import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.Score;
import dev.gyre.events.TrainingEvent;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.registry.version.RegistrationStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The stories of training runs, read from the facts.
@ApplicationScoped
class RunStore {

    private final ActivityStore activities;
    private final RegistrationStore registrations;

    RunStore(ActivityStore activities, RegistrationStore registrations) {
        this.activities = activities;
        this.registrations = registrations;
    }

    Optional<RunStory> story(String workspace, String run) {
        var facts = activities.about(workspace, TrainingEvent.TOPIC, run).stream()
                .findFirst()
                .map(asked -> activities.story(workspace, asked.correlation()))
                .orElse(List.of());
        var told = RunStory.about(
                run,
                facts.stream()
                        .flatMap(fact -> Told.of(fact).stream())
                        .sorted(Comparator.comparing(Told::time))
                        .toList());
        var dataset = told.stream()
                .filter(it -> it.fact() instanceof TrainingRequested)
                .map(it -> ((TrainingRequested) it.fact()).dataset())
                .findFirst()
                .flatMap(id -> frozen(workspace, id));
        var problem = registrations.problem(workspace, run).orElse(null);
        return RunStory.tell(run, told, dataset, suites(workspace, told), problem, facts);
    }

    private Map<String, String> suites(String workspace, List<Told> told) {
        return told.stream()
                .map(Told::fact)
                .filter(EvaluationCompleted.class::isInstance)
                .flatMap(fact -> ((EvaluationCompleted) fact).scores().stream())
                .map(Score::suite)
                .distinct()
                .flatMap(suite -> frozen(workspace, suite).stream())
                .map(it -> (DatasetFrozen) it.fact())
                .collect(Collectors.toMap(DatasetFrozen::dataset, DatasetFrozen::name));
    }

    private Optional<Told> frozen(String workspace, String dataset) {
        return activities.about(workspace, DatasetEvent.TOPIC, dataset).stream()
                .flatMap(fact -> Told.of(fact).stream())
                .filter(it -> it.fact() instanceof DatasetFrozen)
                .findFirst();
    }
}
