package dev.gyre.trainer.policy;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.DatasetEvent;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.ModelEvent;
import dev.gyre.events.ModelEvent.AliasMoved;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.ChampionRolledBack;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelEvent.VersionTainted;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Hears which data sets were frozen for a model, and which candidates did not pass their gate.
@ApplicationScoped
class PolicyConsumer {

    private static final String DATASETS = "policy-datasets";
    private static final String MODELS = "policy-models";

    private final Inbox inbox;
    private final PolicyStore policies;

    PolicyConsumer(Inbox inbox, PolicyStore policies) {
        this.inbox = inbox;
        this.policies = policies;
    }

    @Incoming(DATASETS)
    @Blocking
    void onDataset(ConsumerRecord<String, byte[]> record) {
        inbox.receive(DATASETS, record, DatasetEvent.class, this::on);
    }

    @Incoming(MODELS)
    @Blocking
    void onModel(ConsumerRecord<String, byte[]> record) {
        inbox.receive(MODELS, record, ModelEvent.class, this::on);
    }

    private void on(DatasetEvent event) {
        switch (event) {
            case DatasetFrozen frozen -> {
                var model = frozen.model();
                if (model != null && frozen.purpose() == Purpose.TRAINING) {
                    policies.hear(frozen, model);
                }
            }
            case DatasetTainted ignored -> {}
        }
    }

    private void on(ModelEvent event) {
        switch (event) {
            case CandidateRejected rejected -> policies.reject(rejected);
            case VersionRegistered ignored -> {}
            case ChampionPromoted ignored -> {}
            case ChampionRolledBack ignored -> {}
            case AliasMoved ignored -> {}
            case VersionTainted ignored -> {}
        }
    }
}
