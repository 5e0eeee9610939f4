package dev.gyre.eval.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.delivery.Cause;
import dev.gyre.eval.embedding.Embedding;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.InteractionEvent.FeedbackGiven;
import dev.gyre.events.InteractionEvent.InteractionRecorded;
import dev.gyre.events.ModelVersion;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/// Production traffic: what was said, what of it is read, and what people thought of it.
@ApplicationScoped
class TrafficStore {

    /// Writers take this lock, so that a later commit never has an earlier position.
    private static final long WRITERS = 0x6779726564726966L;

    private static final String COLUMNS = "position, recorded, cause, embedder, embedding, traits";

    private final Jdbi jdbi;
    private final ObjectMapper json;

    TrafficStore(Jdbi jdbi, ObjectMapper json) {
        this.jdbi = jdbi;
        this.json = json;
    }

    /// An interaction whose text was not read yet.
    record Unread(long position, InteractionRecorded recorded, int attempts) {}

    /// A text that was read.
    record Reading(long position, String embedder, Embedding embedding, Traits prompt, Traits answer) {}

    /// @param interaction position of the interaction
    record Feedback(long position, long interaction, int number, int rating, String cause) {}

    private record TraitsOfBoth(Traits prompt, Traits answer) {}

    void record(InteractionRecorded recorded) {
        jdbi.useHandle(handle -> {
            lock(handle);
            handle.createUpdate("""
                            insert into watched_interaction (workspace, interaction, model, number, recorded, cause)
                            values (:workspace, :interaction, :model, :number, :recorded, :cause)
                            on conflict (workspace, interaction) do nothing
                            """)
                    .bind("workspace", recorded.workspace())
                    .bind("interaction", recorded.interaction())
                    .bind("model", recorded.model().name())
                    .bind("number", recorded.model().number())
                    .bind("recorded", recorded)
                    .bind("cause", Cause.current().encoded())
                    .execute();
            for (var concern : Concern.values()) {
                handle.createUpdate(
                                "insert into drift_stream (workspace, model, concern) values (:workspace, :model, :concern) on conflict do nothing")
                        .bind("workspace", recorded.workspace())
                        .bind("model", recorded.model().name())
                        .bind("concern", concern.name())
                        .execute();
            }
        });
    }

    /// @throws IllegalArgumentException if nothing is known of the interaction
    void give(FeedbackGiven given) {
        var kept = jdbi.withHandle(handle -> {
            lock(handle);
            return handle.createUpdate("""
                            insert into watched_feedback (workspace, model, interaction, rating, cause)
                            select workspace, model, position, :rating, :cause from watched_interaction
                            where workspace = :workspace and interaction = :interaction
                            """)
                    .bind("workspace", given.workspace())
                    .bind("interaction", given.interaction())
                    .bind("rating", given.rating())
                    .bind("cause", Cause.current().encoded())
                    .execute();
        });
        if (kept == 0) {
            throw new IllegalArgumentException(
                    "feedback is of interaction '%s', of which nothing was told; redrive it after its interaction"
                            .formatted(given.interaction()));
        }
    }

    List<Unread> unread(int atMost) {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        select position, recorded, attempts from watched_interaction
                        where state = 'NEW' and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes') order by position limit :most
                        """).bind("most", atMost).mapTo(Unread.class).list());
    }

    /// Keeps what was read; a second reading of the same text changes nothing.
    void keep(List<Reading> readings) {
        QuarkusTransaction.requiringNew()
                .run(() -> jdbi.useHandle(handle -> {
                    var batch = handle.prepareBatch("""
                    update watched_interaction
                    set state = 'READ', reason = null, embedder = :embedder, embedding = :embedding, traits = cast(:traits as jsonb)
                    where position = :position and state = 'NEW'
                    """);
                    for (var reading : readings) {
                        batch.bind("position", reading.position())
                                .bind("embedder", reading.embedder())
                                .bind("embedding", reading.embedding().bytes())
                                .bind("traits", write(new TraitsOfBoth(reading.prompt(), reading.answer())))
                                .add();
                    }
                    batch.execute();
                }));
    }

    /// Leaves a text alone for a while.
    void postpone(Unread unread, Duration pause, String reason) {
        change(unread, "NEW", pause, reason);
    }

    /// Goes on without a text.
    void passOver(Unread unread, String reason) {
        change(unread, "UNREADABLE", Duration.ZERO, reason);
    }

    private void change(Unread unread, String state, Duration pause, String reason) {
        QuarkusTransaction.requiringNew()
                .run(() -> jdbi.useHandle(handle -> handle.createUpdate("""
                        update watched_interaction
                        set state = :state, attempts = attempts + 1, next_attempt_at = now() + :pause, reason = :reason
                        where position = :position and state = 'NEW'
                        """)
                        .bind("state", state)
                        .bind("pause", pause)
                        .bind("reason", reason)
                        .bind("position", unread.position())
                        .execute()));
    }

    /// The next interactions that are read, up to the first that is not.
    List<Interaction> after(StreamName stream, long position, int atMost) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + COLUMNS + """
                         from watched_interaction
                        where workspace = :workspace and model = :model and state = 'READ' and position > :after
                        and position < coalesce((
                            select min(position) from watched_interaction
                            where workspace = :workspace and model = :model and state = 'NEW'), 9223372036854775807)
                        order by position limit :most
                        """)
                .bind("workspace", stream.workspace())
                .bind("model", stream.model())
                .bind("after", position)
                .bind("most", atMost)
                .map(this::interaction)
                .list());
    }

    List<Interaction> between(StreamName stream, long first, long last) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + COLUMNS + """
                         from watched_interaction
                        where workspace = :workspace and model = :model and state = 'READ' and position between :first and :last
                        order by position
                        """)
                .bind("workspace", stream.workspace())
                .bind("model", stream.model())
                .bind("first", first)
                .bind("last", last)
                .map(this::interaction)
                .list());
    }

    List<Interaction> at(List<Long> positions) {
        return positions.isEmpty()
                ? List.of()
                : jdbi.withHandle(handle -> handle.createQuery(
                                "select " + COLUMNS
                                        + " from watched_interaction where position in (<positions>) and state = 'READ' order by position")
                        .bindList("positions", positions)
                        .map(this::interaction)
                        .list());
    }

    /// Interactions of the model up to a position.
    long seen(StreamName stream, long position) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select count(*) from watched_interaction where workspace = :workspace and model = :model and position <= :position")
                .bind("workspace", stream.workspace())
                .bind("model", stream.model())
                .bind("position", position)
                .mapTo(Long.class)
                .one());
    }

    /// Interactions of the model after a position, read or not; feedback where the stream is of quality.
    long since(StreamName stream, long position) {
        var sql = stream.concern() == Concern.QUALITY
                ? "select count(*) from watched_feedback where workspace = :workspace and model = :model and interaction > :position"
                : "select count(*) from watched_interaction where workspace = :workspace and model = :model and position > :position";
        return jdbi.withHandle(handle -> handle.createQuery(sql)
                .bind("workspace", stream.workspace())
                .bind("model", stream.model())
                .bind("position", position)
                .mapTo(Long.class)
                .one());
    }

    /// The version that answered last.
    ModelVersion latest(StreamName stream) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select number from watched_interaction where workspace = :workspace and model = :model order by position desc limit 1")
                .bind("workspace", stream.workspace())
                .bind("model", stream.model())
                .map((row, _) -> new ModelVersion(stream.model(), row.getInt("number")))
                .one());
    }

    /// The feedback of an era, in order, up to the first whose interaction was not read yet.
    List<Feedback> feedback(StreamName stream, long since) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select f.position, f.interaction, w.number, f.rating, f.cause from watched_feedback f
                        join watched_interaction w on w.position = f.interaction
                        where f.workspace = :workspace and f.model = :model and f.interaction > :since
                        and f.position < coalesce((
                            select min(g.position) from watched_feedback g join watched_interaction v on v.position = g.interaction
                            where g.workspace = :workspace and g.model = :model and v.state = 'NEW'), 9223372036854775807)
                        order by f.position
                        """)
                .bind("workspace", stream.workspace())
                .bind("model", stream.model())
                .bind("since", since)
                .mapTo(Feedback.class)
                .list());
    }

    private Interaction interaction(ResultSet row, StatementContext context) throws SQLException {
        try {
            var traits = json.readValue(row.getString("traits"), TraitsOfBoth.class);
            return new Interaction(
                    row.getLong("position"),
                    json.readValue(row.getString("recorded"), InteractionRecorded.class),
                    row.getString("cause"),
                    row.getString("embedder"),
                    Embedding.read(row.getBytes("embedding")),
                    traits.prompt(),
                    traits.answer());
        } catch (JsonProcessingException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void lock(Handle handle) {
        handle.createQuery("select 1 from pg_advisory_xact_lock(:lock)")
                .bind("lock", WRITERS)
                .mapTo(Integer.class)
                .one();
    }
}
