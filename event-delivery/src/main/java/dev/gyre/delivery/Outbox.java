package dev.gyre.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gyre.events.Fact;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/// Where facts wait from the transaction that made them until the broker has them.
@ApplicationScoped
public class Outbox {

    private final Jdbi jdbi;
    private final TransactionSynchronizationRegistry transactions;
    private final OutboxRelay relay;
    private final String source;

    Outbox(
            Jdbi jdbi,
            TransactionSynchronizationRegistry transactions,
            OutboxRelay relay,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.jdbi = jdbi;
        this.transactions = transactions;
        this.relay = relay;
        this.source = "/gyre/" + service;
    }

    /// Tells a fact if, and only if, the running transaction commits.
    ///
    /// @return the id that the fact has from now on
    /// @throws IllegalStateException without a transaction: a fact must not be told of a change that may not happen
    public String tell(Fact fact) {
        var cause = Cause.current();
        if (cause.depth() > Cause.DEEPEST) {
            throw new IllegalStateException("%s would be %d facts away from a person, at most %d: a loop in story %s"
                    .formatted(fact.getClass().getSimpleName(), cause.depth(), Cause.DEEPEST, cause.correlation()));
        }
        var event = UUID.randomUUID();
        write(fact.topic(), fact.key(), headers(fact, event, cause), FactJson.write(fact));
        return event.toString();
    }

    /// Sends a record that was on a topic before once more, with the headers that it had.
    ///
    /// @throws IllegalStateException without a transaction
    public void tellAgain(String topic, String key, Map<String, String> headers, byte[] payload) {
        write(topic, key, headers, payload);
    }

    private Map<String, String> headers(Fact fact, UUID event, Cause cause) {
        var headers = new TreeMap<String, String>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", event.toString());
        headers.put("ce_source", source);
        headers.put("ce_type", "dev.gyre." + fact.getClass().getSimpleName());
        headers.put("ce_subject", fact.key());
        headers.put("ce_time", Instant.now().toString());
        headers.put("ce_workspace", fact.workspace());
        headers.put("ce_traceparent", cause.traceparent(event));
        headers.put("ce_correlationid", cause.correlation());
        headers.put("ce_causationdepth", Integer.toString(cause.depth()));
        if (cause.causation() != null) {
            headers.put("ce_causationid", cause.causation());
        }
        headers.put("content-type", "application/json");
        return headers;
    }

    void write(String topic, String key, Map<String, String> headers, byte[] payload) {
        if (transactions.getTransactionKey() == null) {
            throw new IllegalStateException("a fact for '%s' needs a running transaction".formatted(topic));
        }
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into outbox (topic, key, headers, payload) values (:topic, :key, cast(:headers as jsonb), :payload)")
                .bind("topic", topic)
                .bind("key", key)
                .bind("headers", json(headers))
                .bind("payload", payload)
                .execute());
        transactions.registerInterposedSynchronization(new WakeRelay());
    }

    private static String json(Map<String, String> headers) {
        try {
            return FactJson.MAPPER.writeValueAsString(headers);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private final class WakeRelay implements Synchronization {

        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                relay.wake();
            }
        }
    }
}
