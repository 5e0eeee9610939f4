package dev.gyre.annotation.campaign;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.DriftEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Records every alarm; what comes of it is decided by a worker.
@ApplicationScoped
class DriftConsumer {

    private final Inbox inbox;
    private final DriftStore drifts;

    DriftConsumer(Inbox inbox, DriftStore drifts) {
        this.inbox = inbox;
        this.drifts = drifts;
    }

    @Incoming("drift")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive("drift", record, DriftEvent.class, this::on);
    }

    private void on(DriftEvent event) {
        switch (event) {
            case DriftEvent.DriftDetected detected -> drifts.heard(detected);
            case DriftEvent.WindowMeasured ignored -> {}
            case DriftEvent.DriftCleared ignored -> {}
        }
    }
}
