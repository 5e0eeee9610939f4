package dev.gyre.delivery;

import dev.gyre.events.Fact;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Where a consumer's records arrive: each fact is handled once, in one transaction with what the handler changes.
///
/// A fact that cannot be handled goes to `<topic>.dead` with the reason. While the database is away a record waits: it
/// is never dead because of an outage.
@ApplicationScoped
public class Inbox {

    /// Who could not handle a dead letter; a letter that is sent again is for nobody else.
    public static final String DEAD_CONSUMER = "dead-consumer";

    public static final String DEAD_REASON = "dead-reason";
    public static final String DEAD_TIME = "dead-time";

    /// Topic, partition and offset of the record that could not be handled.
    public static final String DEAD_FROM = "dead-from";

    /// Failures while the database answers.
    private static final int ATTEMPTS = 4;

    private static final int LONGEST_REASON = 2000;

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final DeliveryMeters meters;

    Inbox(Jdbi jdbi, Outbox outbox, DeliveryMeters meters) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.meters = meters;
    }

    /// Handles a record that may have been delivered before.
    ///
    /// @param consumer name of the hearer; two hearers of one service each handle a fact once
    /// @param kind the sealed interface of the topic; facts of a type that it does not know are passed over
    /// @param handler records the work in the service's own store, inside the transaction, and may tell facts
    public <F extends Fact> void receive(
            String consumer, ConsumerRecord<String, byte[]> record, Class<F> kind, Consumer<F> handler) {
        var failures = 0;
        for (var attempt = 1; ; attempt++) {
            try {
                if (QuarkusTransaction.requiringNew().call(() -> handle(consumer, record, kind, handler))) {
                    meters.heard(record.topic(), consumer, told(record));
                } else {
                    meters.again(record.topic(), consumer);
                }
                return;
            } catch (RuntimeException failure) {
                if (isOutage(failure) || !databaseAnswers()) {
                    Log.warnf("%s waits for the database reason=%s", consumer, failure.getMessage());
                } else if (isPoison(failure) || ++failures >= ATTEMPTS) {
                    bury(consumer, record, failure);
                    return;
                }
                pause(attempt);
            }
        }
    }

    /// Hands on a record as it is, whatever is in it, in one transaction; the handler must bear a second delivery.
    ///
    /// @param handler gets the record's headers
    public void keep(ConsumerRecord<String, byte[]> record, Consumer<Map<String, String>> handler) {
        for (var attempt = 1; ; attempt++) {
            try {
                QuarkusTransaction.requiringNew().run(() -> handler.accept(headers(record)));
                return;
            } catch (RuntimeException failure) {
                Log.warnf(
                        "record waits topic=%s offset=%d reason=%s",
                        record.topic(), record.offset(), failure.getMessage());
                pause(attempt);
            }
        }
    }

    /// When the fact was told; what is no time is no reason to refuse it.
    private static @Nullable Instant told(ConsumerRecord<String, byte[]> record) {
        var time = headers(record).get("ce_time");
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    /// @return false where it was handled before, or is meant for another
    private <F extends Fact> boolean handle(
            String consumer, ConsumerRecord<String, byte[]> record, Class<F> kind, Consumer<F> handler) {
        var headers = headers(record);
        if (!headers.getOrDefault(DEAD_CONSUMER, consumer).equals(consumer)) {
            return false; // another hearer's letter, sent again: poison that died here once need not die again
        }
        var event = header(headers, "ce_id");
        var depth = Integer.parseInt(headers.getOrDefault("ce_causationdepth", "0"));
        if (depth > Cause.DEEPEST) {
            throw new IllegalArgumentException(
                    "causationdepth is %d, at most %d: a loop".formatted(depth, Cause.DEEPEST));
        }
        if (!isNew(consumer, header(headers, "ce_source"), event)) {
            return false;
        }
        var cause = new Cause(headers.getOrDefault("ce_correlationid", event), event, depth + 1);
        FactJson.read(record.value(), kind)
                .ifPresentOrElse(
                        fact -> cause.run(() -> handler.accept(fact)),
                        () -> Log.debugf("passed over a fact of an unknown type topic=%s", record.topic()));
        return true;
    }

    private boolean isNew(String consumer, String source, String event) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "insert into processed_event (consumer, source, event) values (:consumer, :source, :event) on conflict do nothing")
                        .bind("consumer", consumer)
                        .bind("source", source)
                        .bind("event", event)
                        .execute())
                == 1;
    }

    /// Sends the record to the topic's dead letters, however long that takes.
    private void bury(String consumer, ConsumerRecord<String, byte[]> record, RuntimeException failure) {
        Log.errorf(
                failure,
                "fact is dead topic=%s partition=%d offset=%d reason=%s",
                record.topic(),
                record.partition(),
                record.offset(),
                failure.getMessage());
        var headers = new TreeMap<>(headers(record));
        headers.put(DEAD_CONSUMER, consumer);
        headers.put(DEAD_REASON, shortened(String.valueOf(failure.getMessage())));
        headers.put(DEAD_TIME, Instant.now().toString());
        headers.put(DEAD_FROM, "%s/%d/%d".formatted(record.topic(), record.partition(), record.offset()));
        headers.replaceAll((name, value) -> storable(value));
        for (var attempt = 1; ; attempt++) {
            try {
                QuarkusTransaction.requiringNew()
                        .run(() -> outbox.write(
                                record.topic() + ".dead",
                                storable(String.valueOf(record.key())),
                                headers,
                                record.value() == null ? new byte[0] : record.value()));
                meters.dead(record.topic(), consumer);
                return;
            } catch (RuntimeException outage) {
                Log.warnf("dead letter waits for the database reason=%s", outage.getMessage());
                pause(attempt);
            }
        }
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        var headers = new TreeMap<String, String>();
        for (var header : record.headers()) {
            var value = header.value() == null ? new byte[0] : header.value();
            headers.put(storable(header.key()), new String(value, StandardCharsets.UTF_8));
        }
        return headers;
    }

    /// PostgreSQL takes every character but one; a letter that it refused would be buried for ever.
    private static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    private static String header(Map<String, String> headers, String name) {
        var value = headers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("header %s is missing: not a CloudEvent in binary mode".formatted(name));
        }
        return value;
    }

    /// Tells a failure from the end of an outage, which has many faces: a transaction that cannot be committed says
    /// nothing of the connection that it lost.
    private boolean databaseAnswers() {
        try {
            return jdbi.withHandle(handle ->
                    handle.createQuery("select true").mapTo(boolean.class).one());
        } catch (RuntimeException away) {
            return false;
        }
    }

    /// What will not get better by trying again.
    private static boolean isPoison(RuntimeException failure) {
        return failure instanceof IllegalArgumentException;
    }

    /// The database is away, or went while the transaction was being ended, which no handler can be blamed for.
    private static boolean isOutage(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionException
                    || cause instanceof QuarkusTransactionException
                    || cause instanceof SQLTransientException
                    || cause instanceof SQLRecoverableException
                    || (cause instanceof SQLException sql && isConnectionState(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /// SQL states 08 (connection), 57P (operator intervention) and 53 (insufficient resources).
    private static boolean isConnectionState(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"));
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(Duration.ofMillis(Math.min(10_000, 100L << Math.min(attempt, 7))));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting", stopped);
        }
    }
}
