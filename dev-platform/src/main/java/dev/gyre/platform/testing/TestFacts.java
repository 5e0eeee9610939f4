package dev.gyre.platform.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.events.Fact;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/// Facts in and out of a service whose channels are in memory.
public final class TestFacts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TestFacts() {}

    /// A fact as the broker would deliver it for the first time.
    public static Message<ConsumerRecord<String, byte[]>> message(Fact fact) {
        return message(fact, UUID.randomUUID().toString(), UUID.randomUUID().toString());
    }

    /// A fact as the broker would deliver it; the same id again is a second delivery.
    public static Message<ConsumerRecord<String, byte[]>> message(Fact fact, String id, String correlation) {
        return message(fact.topic(), fact.key(), fact.getClass().getSimpleName(), json(fact), id, correlation);
    }

    /// Any bytes as the broker would deliver them.
    public static Message<ConsumerRecord<String, byte[]>> message(
            String topic, String key, String type, byte[] payload, String id, String correlation) {
        var record = new ConsumerRecord<>(topic, 0, 0, key, payload);
        add(record, "ce_specversion", "1.0");
        add(record, "ce_id", id);
        add(record, "ce_source", "/gyre/test");
        add(record, "ce_type", "dev.gyre." + type);
        add(record, "ce_correlationid", correlation);
        add(record, "ce_causationdepth", "0");
        return Message.of(record, Metadata.of(new IncomingKafkaRecordMetadata<>(record, topic)));
    }

    /// What a service has told so far of one type, in order.
    public static <F extends Fact> List<F> told(InMemorySink<byte[]> sink, Class<F> type) {
        return sink.received().stream()
                .flatMap(message -> read(message.getPayload(), type))
                .toList();
    }

    private static <F extends Fact> Stream<F> read(byte[] payload, Class<F> type) {
        try {
            var json = JSON.readTree(payload);
            return json.path("type").asText().equals(type.getSimpleName())
                    ? Stream.of(JSON.treeToValue(json, type))
                    : Stream.empty();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static byte[] json(Fact fact) {
        try {
            return JSON.writeValueAsBytes(fact);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void add(ConsumerRecord<String, byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
