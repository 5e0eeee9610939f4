package dev.gyre.annotation.task;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.SampleEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Keeps every accepted sample and puts it before the projects on its source.
@ApplicationScoped
class SampleConsumer {

    private final Inbox inbox;
    private final PreparationStore tasks;

    SampleConsumer(Inbox inbox, PreparationStore tasks) {
        this.inbox = inbox;
        this.tasks = tasks;
    }

    @Incoming("samples")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive("samples", record, SampleEvent.class, this::on);
    }

    private void on(SampleEvent event) {
        switch (event) {
            case SampleEvent.SampleAccepted accepted -> tasks.arrived(accepted);
            case SampleEvent.SampleRefused ignored -> {}
        }
    }
}
