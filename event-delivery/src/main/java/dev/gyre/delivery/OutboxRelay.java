package dev.gyre.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Carries what stands in the outbox to the broker, in order, and removes it once the broker has it.
///
/// A crash between the two sends a fact again under the same id; the inbox of the hearer passes it over.
@ApplicationScoped
class OutboxRelay {

    private static final int BATCH = 500;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private final Jdbi jdbi;
    private final MutinyEmitter<byte[]> facts;
    private final DeliveryMeters meters;
    private final WorkLoop loop;

    OutboxRelay(
            Jdbi jdbi,
            DeliveryMeters meters,
            @Channel("facts") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 4 * BATCH)
                    MutinyEmitter<byte[]> facts) {
        this.jdbi = jdbi;
        this.facts = facts;
        this.meters = meters;
        this.loop = new WorkLoop(
                "outbox-relay",
                IDLE,
                () -> jdbi.inTransaction(this::carry) == BATCH,
                outage -> Log.warnf("facts wait in the outbox reason=%s", outage.toString()));
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Waiting(long id, String topic, String key, String headers, byte[] payload) {}

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    void wake() {
        loop.wake();
    }

    /// Sends one batch; only one instance of a service does so at a time, which keeps the order.
    ///
    /// A transaction of the database alone: one of JTA would go along to the threads that hear the
    /// broker's answers, and cannot be committed while they are in it.
    private int carry(Handle handle) {
        var mine = handle.createQuery("select pg_try_advisory_xact_lock(hashtext(current_schema() || '.outbox'))")
                .mapTo(boolean.class)
                .one();
        var batch = mine
                ? handle.createQuery(
                                "select id, topic, key, headers::text as headers, payload from outbox order by id limit :batch")
                        .bind("batch", BATCH)
                        .mapTo(Waiting.class)
                        .list()
                : List.<Waiting>of();
        if (batch.isEmpty()) {
            meters.waiting(Map.of());
            return 0;
        }
        meters.waiting(parsed(batch.getFirst().headers()));
        awaitAll(batch.stream().map(this::send).toArray(CompletableFuture[]::new));
        batch.forEach(fact -> meters.told(fact.topic(), parsed(fact.headers()).getOrDefault("ce_type", "")));
        handle.createUpdate("delete from outbox where id in (<ids>)")
                .bindList("ids", batch.stream().map(Waiting::id).toList())
                .execute();
        return batch.size();
    }

    private static void awaitAll(CompletableFuture<?>[] sent) {
        try {
            CompletableFuture.allOf(sent).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException away) {
            throw new IllegalStateException("the broker does not take facts: " + away, away);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while telling facts", stopped);
        }
    }

    private CompletableFuture<Void> send(Waiting fact) {
        var metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(fact.topic())
                .withKey(fact.key())
                .withHeaders(headers(fact.headers()))
                .build();
        return facts.sendMessage(Message.of(fact.payload(), Metadata.of(metadata)))
                .subscribeAsCompletionStage();
    }

    private static Headers headers(String json) {
        var headers = new RecordHeaders();
        parsed(json).forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    private static Map<String, String> parsed(String headers) {
        try {
            return FactJson.MAPPER.readValue(headers, HEADERS);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
