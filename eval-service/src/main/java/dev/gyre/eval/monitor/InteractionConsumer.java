package dev.gyre.eval.monitor;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.InteractionEvent;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Records production traffic and what people thought of it.
@ApplicationScoped
class InteractionConsumer {

    private final Inbox inbox;
    private final TrafficStore traffic;

    InteractionConsumer(Inbox inbox, TrafficStore traffic) {
        this.inbox = inbox;
        this.traffic = traffic;
    }

    @Incoming(InteractionEvent.TOPIC)
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.receive(InteractionEvent.TOPIC, record, InteractionEvent.class, this::on);
    }

    private void on(InteractionEvent event) {
        switch (event) {
            case InteractionRecorded recorded -> traffic.record(recorded);
            case FeedbackGiven given -> traffic.give(given);
        }
    }
}
