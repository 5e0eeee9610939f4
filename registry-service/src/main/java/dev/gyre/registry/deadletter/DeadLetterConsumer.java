package dev.gyre.registry.deadletter;

import dev.gyre.delivery.Inbox;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Hears every `<topic>.dead`, and writes down what is there, readable or not.
@ApplicationScoped
class DeadLetterConsumer {

    private final Inbox inbox;
    private final DeadLetterStore letters;

    DeadLetterConsumer(Inbox inbox, DeadLetterStore letters) {
        this.inbox = inbox;
        this.letters = letters;
    }

    @Incoming("dead-letters")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        inbox.keep(
                record,
                headers -> letters.add(
                        record.topic(),
                        String.valueOf(record.key()),
                        record.offset(),
                        headers,
                        record.value() == null ? new byte[0] : record.value()));
    }
}
