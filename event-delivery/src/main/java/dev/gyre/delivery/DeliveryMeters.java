package dev.gyre.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What operators see of the facts of a service: told, heard, passed over, dead, and how long they wait.
///
/// `gyre_facts_told_total{topic,type}`, `gyre_facts_heard_total{topic,consumer}`,
/// `gyre_facts_again_total{topic,consumer}` (second deliveries, passed over), `gyre_facts_dead_total{topic,consumer}`,
/// `gyre_facts_delay_seconds{topic,consumer}` (from told to heard) and `gyre_outbox_oldest_seconds`.
@ApplicationScoped
class DeliveryMeters {

    private final MeterRegistry registry;
    private final AtomicReference<@Nullable Instant> oldest = new AtomicReference<>();

    DeliveryMeters(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("gyre.outbox.oldest.seconds", oldest, DeliveryMeters::age);
    }

    private static double age(AtomicReference<@Nullable Instant> since) {
        var told = since.get();
        return told == null ? 0 : Math.max(0, Duration.between(told, Instant.now()).toMillis() / 1000.0);
    }

    /// @param type of the CloudEvent
    void told(String topic, String type) {
        var name = type.substring(type.lastIndexOf('.') + 1);
        registry.counter("gyre.facts.told", "topic", topic, "type", name).increment();
    }

    /// @param told when the fact was told, missing where its headers do not say
    void heard(String topic, String consumer, @Nullable Instant told) {
        registry.counter("gyre.facts.heard", "topic", topic, "consumer", consumer)
                .increment();
        if (told != null) {
            var delay = Duration.between(told, Instant.now());
            registry.timer("gyre.facts.delay", "topic", topic, "consumer", consumer)
                    .record(delay.isNegative() ? Duration.ZERO : delay);
        }
    }

    void again(String topic, String consumer) {
        registry.counter("gyre.facts.again", "topic", topic, "consumer", consumer)
                .increment();
    }

    void dead(String topic, String consumer) {
        registry.counter("gyre.facts.dead", "topic", topic, "consumer", consumer)
                .increment();
    }

    /// @param headers of the fact that waits longest, empty where none does
    void waiting(Map<String, String> headers) {
        var told = headers.get("ce_time");
        oldest.set(told == null ? null : Instant.parse(told));
    }
}
