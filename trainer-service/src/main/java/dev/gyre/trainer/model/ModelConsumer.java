package dev.gyre.trainer.model;

import dev.gyre.delivery.Inbox;
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

/// Hears which versions exist and which one is champion.
@ApplicationScoped
class ModelConsumer {

    private final Inbox inbox;
    private final ModelStore models;

    ModelConsumer(Inbox inbox, ModelStore models) {
        this.inbox = inbox;
        this.models = models;
    }

    @Incoming(ModelEvent.TOPIC)
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive(ModelEvent.TOPIC, record, ModelEvent.class, this::on);
    }

    private void on(ModelEvent event) {
        switch (event) {
            case VersionRegistered registered -> models.know(registered);
            case ChampionPromoted promoted -> models.crown(promoted.workspace(), promoted.model());
            case ChampionRolledBack back -> models.crown(back.workspace(), back.model());
            case CandidateRejected ignored -> {}
            case AliasMoved ignored -> {}
            case VersionTainted ignored -> {}
        }
    }
}
