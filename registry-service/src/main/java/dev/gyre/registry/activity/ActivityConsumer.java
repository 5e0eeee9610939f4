package dev.gyre.registry.activity;

import dev.gyre.delivery.Inbox;
import dev.gyre.events.Fact;
import dev.gyre.registry.activity.ActivityStore.Envelope;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/// Hears everything, and only writes it down.
@ApplicationScoped
class ActivityConsumer {

    private final Inbox inbox;
    private final ActivityStore activities;

    ActivityConsumer(Inbox inbox, ActivityStore activities) {
        this.inbox = inbox;
        this.activities = activities;
    }

    @Incoming("activity")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) {
        receive(record, Topics.kind(record.topic()));
    }

    private <F extends Fact> void receive(ConsumerRecord<String, byte[]> record, Class<F> kind) {
        inbox.receive("activity", record, kind, fact -> activities.add(envelope(record), fact));
    }

    private static Envelope envelope(ConsumerRecord<String, byte[]> record) {
        var event = required(record, "ce_id");
        var time = header(record, "ce_time");
        var correlation = header(record, "ce_correlationid");
        var depth = header(record, "ce_causationdepth");
        return new Envelope(
                required(record, "ce_source"),
                event,
                time == null ? Instant.now() : Instant.parse(time),
                correlation == null ? event : correlation,
                header(record, "ce_causationid"),
                depth == null ? 0 : Integer.parseInt(depth));
    }

    private static String required(ConsumerRecord<String, byte[]> record, String name) {
        var value = header(record, name);
        if (value == null) {
            throw new IllegalArgumentException("header %s is missing".formatted(name));
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
