package dev.gyre.registry.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.delivery.Inbox;
import dev.gyre.delivery.Outbox;
import dev.gyre.registry.deadletter.DeadLetter.Group;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Keeps dead letters; one that is sent again stays, marked, and dies anew as another letter.
///
/// Letters that name no workspace, because they could not be read at all, are every operator's.
@ApplicationScoped
class DeadLetterStore {

    private static final String DEAD = ".dead";
    private static final int SHOWN = 20;
    private static final String COLUMNS =
            "id, topic, key, consumer, origin, reason, died_at, redriven_at, redriven_by";
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final ObjectMapper json;

    DeadLetterStore(Jdbi jdbi, Outbox outbox, ObjectMapper json) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.json = json;
    }

    /// Keeps a letter once, however often it is delivered. Runs in the transaction of the inbox.
    ///
    /// @param deadTopic ends in `.dead`
    void add(String deadTopic, String key, long offset, Map<String, String> headers, byte[] payload) {
        var reason = storable(headers.getOrDefault(Inbox.DEAD_REASON, "no reason given"));
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into dead_letter (workspace, topic, key, consumer, origin, reason, kind, headers, payload, died_at)
                        values (:workspace, :topic, :key, :consumer, :origin, :reason, :kind, cast(:headers as jsonb), :payload, :diedAt)
                        on conflict (consumer, origin) do nothing""")
                .bind("workspace", headers.get("ce_workspace"))
                .bind("topic", deadTopic.substring(0, deadTopic.length() - DEAD.length()))
                .bind("key", storable(key))
                .bind("consumer", headers.getOrDefault(Inbox.DEAD_CONSUMER, "unknown"))
                .bind("origin", headers.getOrDefault(Inbox.DEAD_FROM, deadTopic + "/" + offset))
                .bind("reason", reason)
                .bind("kind", DeadLetter.kind(reason))
                .bind("headers", written(headers))
                .bind("payload", payload)
                .bind("diedAt", time(headers.get(Inbox.DEAD_TIME)))
                .execute());
    }

    record Heap(String topic, String consumer, String kind, int waiting, Instant first, Instant last) {}

    /// What waits, the newest death first; of each group the newest letters.
    List<Group> groups(String workspace) {
        return jdbi.withHandle(handle -> handle
                .createQuery("""
                        select topic, consumer, kind, count(*) as waiting, min(died_at) as first, max(died_at) as last
                        from dead_letter
                        where redriven_at is null and (workspace is null or workspace = :workspace)
                        group by topic, consumer, kind order by last desc, topic, consumer, kind""")
                .bind("workspace", workspace)
                .mapTo(Heap.class)
                .list()
                .stream()
                .map(heap -> new Group(
                        heap.topic(),
                        heap.consumer(),
                        heap.kind(),
                        heap.waiting(),
                        heap.first(),
                        heap.last(),
                        newest(handle, workspace, heap)))
                .toList());
    }

    private static List<DeadLetter> newest(Handle handle, String workspace, Heap heap) {
        return handle.createQuery("select " + COLUMNS + """
                         from dead_letter
                        where redriven_at is null and (workspace is null or workspace = :workspace)
                          and topic = :topic and consumer = :consumer and kind = :kind
                        order by id desc limit :shown""")
                .bind("workspace", workspace)
                .bind("topic", heap.topic())
                .bind("consumer", heap.consumer())
                .bind("kind", heap.kind())
                .bind("shown", SHOWN)
                .mapTo(DeadLetter.class)
                .list();
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Sendable(long id, String topic, String key, String headers, byte[] payload) {

        Sendable {
            payload = payload.clone();
        }
    }

    /// Sends a letter to its consumer again; one that was sent already is left as it is.
    ///
    /// @return the letter; empty where the workspace has none of this id
    @Transactional
    Optional<DeadLetter> redrive(String workspace, long id, String by) {
        return jdbi.withHandle(handle -> {
            handle.createQuery("""
                            select id, topic, key, headers::text as headers, payload from dead_letter
                            where id = :id and redriven_at is null and (workspace is null or workspace = :workspace)
                            for update""")
                    .bind("id", id)
                    .bind("workspace", workspace)
                    .mapTo(Sendable.class)
                    .findOne()
                    .ifPresent(letter -> send(handle, letter, by));
            return handle.createQuery("select " + COLUMNS
                            + " from dead_letter where id = :id and (workspace is null or workspace = :workspace)")
                    .bind("id", id)
                    .bind("workspace", workspace)
                    .mapTo(DeadLetter.class)
                    .findOne();
        });
    }

    /// Sends the letters of a group again, in the order in which they died.
    ///
    /// @return how many
    @Transactional
    int redrive(String workspace, String topic, String consumer, String kind, String by) {
        return jdbi.withHandle(handle -> {
            var letters = handle.createQuery("""
                            select id, topic, key, headers::text as headers, payload from dead_letter
                            where redriven_at is null and (workspace is null or workspace = :workspace)
                              and topic = :topic and consumer = :consumer and kind = :kind
                            order by id for update""")
                    .bind("workspace", workspace)
                    .bind("topic", topic)
                    .bind("consumer", consumer)
                    .bind("kind", kind)
                    .mapTo(Sendable.class)
                    .list();
            letters.forEach(letter -> send(handle, letter, by));
            return letters.size();
        });
    }

    private void send(Handle handle, Sendable letter, String by) {
        var headers = new TreeMap<>(read(letter.headers()));
        headers.keySet().removeAll(List.of(Inbox.DEAD_REASON, Inbox.DEAD_TIME, Inbox.DEAD_FROM));
        outbox.tellAgain(letter.topic(), letter.key(), headers, letter.payload());
        handle.createUpdate("update dead_letter set redriven_at = now(), redriven_by = :by where id = :id")
                .bind("by", by)
                .bind("id", letter.id())
                .execute();
    }

    private String written(Map<String, String> headers) {
        try {
            var kept = new TreeMap<String, String>();
            headers.forEach((name, value) -> kept.put(name, storable(value)));
            return json.writeValueAsString(kept);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Map<String, String> read(String headers) {
        try {
            return json.readValue(headers, HEADERS);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// PostgreSQL takes every character but one.
    private static String storable(String text) {
        return text.replace('\0', '�');
    }

    private static Instant time(@Nullable String said) {
        try {
            return said == null ? Instant.now() : Instant.parse(said);
        } catch (DateTimeException unreadable) {
            return Instant.now();
        }
    }
}
