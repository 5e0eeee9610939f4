package dev.gyre.trainer.policy;

import dev.gyre.delivery.Cause;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.events.ModelVersion;
import dev.gyre.trainer.dataset.DatasetStore;
import dev.gyre.trainer.model.ModelStore;
import dev.gyre.trainer.policy.Decision.Obstacle;
import dev.gyre.trainer.policy.Decision.Refuse;
import dev.gyre.trainer.policy.Decision.Train;
import dev.gyre.trainer.policy.Decision.Wait;
import dev.gyre.trainer.policy.PolicyStore.Due;
import dev.gyre.trainer.policy.PolicyStore.Kept;
import dev.gyre.trainer.policy.PolicyStore.Made;
import dev.gyre.trainer.run.Admission;
import dev.gyre.trainer.run.AdmissionRule;
import dev.gyre.trainer.run.Ancestry;
import dev.gyre.trainer.run.ReplayPlan.Past;
import dev.gyre.trainer.run.RunConfig;
import dev.gyre.trainer.run.RunRequest;
import dev.gyre.trainer.run.RunRequest.Again;
import dev.gyre.trainer.run.RunStore;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Takes the decisions that are due, one after the other.
///
/// Decision, run and request are one transaction: a killed worker leaves the data set as it was, and none is trained on
/// twice.
@ApplicationScoped
class PolicyWorker {

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final PolicyStore policies;
    private final DatasetStore datasets;
    private final ModelStore models;
    private final RunStore runs;
    private final AdmissionRule admission;
    private final Ancestry ancestry;
    private final int minimumRows;
    private final Duration look;
    private final WorkLoop loop;

    PolicyWorker(
            PolicyStore policies,
            DatasetStore datasets,
            ModelStore models,
            RunStore runs,
            RunConfig runConfig,
            PolicyConfig config) {
        this.policies = policies;
        this.datasets = datasets;
        this.models = models;
        this.runs = runs;
        this.minimumRows = runConfig.minimumRows();
        this.look = config.look();
        this.admission = new AdmissionRule(datasets, models, runs, minimumRows);
        this.ancestry = new Ancestry(datasets, models, runs);
        this.loop = new WorkLoop(
                "policy-worker", config.poll(), this::next, outage -> Log.warnf("policies wait reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there was something to do
    private boolean next() {
        var claimed = new AtomicReference<Due>();
        try {
            return QuarkusTransaction.requiringNew().call(() -> {
                var due = policies.claim();
                due.ifPresent(dataset -> {
                    claimed.set(dataset);
                    decide(dataset, Instant.now());
                });
                return due.isPresent();
            });
        } catch (RuntimeException failure) {
            var due = claimed.get();
            if (due == null) {
                throw failure;
            }
            Log.errorf(
                    failure, "no decision model=%s dataset=%s", due.model(), due.frozen().dataset());
            QuarkusTransaction.requiringNew()
                    .run(() -> policies.postpone(due, Instant.now().plus(AFTER_FAILURE)));
            return true;
        }
    }

    private void decide(Due due, Instant now) {
        var kept = policies.find(due.workspace(), due.model()).orElseThrow();
        var known = datasets.find(due.workspace(), due.frozen().dataset());
        if (known.isEmpty()) {
            policies.postpone(due, now.plus(look));
            return;
        }
        var signal = new Signal(due.frozen(), known.get().tainted(), Cause.decode(due.cause()));
        var situation = situation(due, kept.policy());
        switch (RetrainingPolicy.decide(situation, signal, now)) {
            case Train train -> train(due, kept, signal, train, now);
            case Wait wait -> policies.await(due, wait);
            case Refuse refuse -> refuse(due, refuse);
        }
    }

    private void train(Due due, Kept kept, Signal signal, Train train, Instant now) {
        var run = UUID.randomUUID().toString();
        var request = new RunRequest(
                due.model(),
                new ModelVersion(due.model(), train.base()).toString(),
                train.dataset(),
                train.recipe(),
                kept.policy().seed(),
                kept.policy().tooLong(),
                train.replay().stream()
                        .map(replay -> new Again(replay.dataset(), replay.rows()))
                        .toList(),
                null);
        switch (admission.admit(due.workspace(), run, train.reason(), request)) {
            case Admission.Admitted admitted -> {
                signal.cause().run(() -> runs.requestInStory(admitted.run(), "policy of " + kept.setBy()));
                policies.train(due, run, train.reason());
                Log.infof("policy trains model=%s run=%s dataset=%s", due.model(), run, train.dataset());
            }
            case Admission.Refused refused -> {
                var reason = "Not trained: %s.".formatted(String.join("; ", refused.objections()));
                if (refused.known()) {
                    refuse(due, new Refuse(reason));
                } else {
                    policies.await(due, new Wait(Obstacle.NEWS, now.plus(look), reason));
                }
            }
        }
    }

    private void refuse(Due due, Refuse refuse) {
        policies.refuse(due, refuse);
        Log.infof(
                "policy does not train model=%s dataset=%s reason=%s",
                due.model(), due.frozen().dataset(), refuse.reason());
    }

    private Situation situation(Due due, Policy policy) {
        var champion = models.champion(due.workspace(), due.model());
        var past = runs.past(due.workspace(), due.model());
        var trainings = policies.trainings(due, policy.runsPerDay());
        return new Situation(
                due.model(),
                policy,
                champion.orElse(null),
                minimumRows,
                past.open(),
                past.lastBegan(),
                trainings.stream().map(Made::at).toList(),
                policies.judgements(
                        due, trainings.isEmpty() ? null : trainings.getFirst().at()),
                policies.newer(due).orElse(null),
                trainings.isEmpty() ? null : rejected(due, trainings.getFirst()),
                champion.map(number -> replayable(due, number)).orElse(List.of()),
                look);
    }

    private List<Past> replayable(Due due, int champion) {
        return ancestry.of(new ModelVersion(due.model(), champion), due.frozen(), policies.superseded(due));
    }

    private Situation.@Nullable Rejected rejected(Due due, Made training) {
        return models.versions(due.workspace(), due.model()).stream()
                .filter(version -> version.run() != null && version.run().equals(training.run()))
                .map(version -> version.model())
                .flatMap(candidate ->
                        policies.rejection(due.workspace(), due.model(), candidate.number()).stream()
                                .map(reason -> new Situation.Rejected(
                                        candidate, training.campaign(), training.story(), reason)))
                .findFirst()
                .orElse(null);
    }
}
