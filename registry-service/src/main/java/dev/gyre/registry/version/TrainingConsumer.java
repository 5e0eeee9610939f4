package dev.gyre.registry.version;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.TrainingEvent;
import dev.gyre.events.TrainingEvent.TrainingCancelled;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingFailed;
import dev.gyre.events.TrainingEvent.TrainingProgressed;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.events.TrainingEvent.TrainingStarted;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Hears which runs have finished.
@ApplicationScoped
class TrainingConsumer {

    private final Inbox inbox;
    private final RegistrationStore registrations;

    TrainingConsumer(Inbox inbox, RegistrationStore registrations) {
        this.inbox = inbox;
        this.registrations = registrations;
    }

    @Incoming("trainings")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive("trainings", record, TrainingEvent.class, this::on);
    }

    private void on(TrainingEvent event) {
        switch (event) {
            case TrainingCompleted completed -> registrations.record(completed);
            case TrainingRequested ignored -> {}
            case TrainingStarted ignored -> {}
            case TrainingProgressed ignored -> {}
            case TrainingFailed ignored -> {}
            case TrainingCancelled ignored -> {}
        }
    }
}
