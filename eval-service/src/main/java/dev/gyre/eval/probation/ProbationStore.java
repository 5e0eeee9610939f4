package dev.gyre.eval.probation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.delivery.Cause;
import dev.gyre.delivery.Outbox;
import dev.gyre.eval.probation.Probation.State;
import dev.gyre.events.EvaluationEvent.ChampionFellShort;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// Champions on probation, and the ratings that they are judged by.
@ApplicationScoped
public class ProbationStore {

    /// One rating of an interaction counts, the first: 0 says neither good nor bad.
    private static final String RATED = """
            select w.recorded ->> 'slice' as slice, f.rating < 0 as bad
            from watched_interaction w join lateral (
                select position, rating from watched_feedback
                where interaction = w.position and rating <> 0 order by position limit 1) f on true
            where w.workspace = :workspace and w.model = :model and w.number = :number and w.position > :since
            """;

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final ObjectMapper json;
    private final ProbationRule rule;

    ProbationStore(Jdbi jdbi, Outbox outbox, ObjectMapper json, ProbationConfig config) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.json = json;
        this.rule = config.rule();
    }

    /// A probation that goes on.
    ///
    /// @param cause the story of the promotion
    record Open(
            String id,
            String workspace,
            ModelVersion model,
            ModelVersion predecessor,
            List<Look> looks,
            String cause) {}

    /// What people ask, as far as its monitor knows.
    ///
    /// @param drift an alarm since the promotion, or one that is still open
    /// @param since position of the interaction after which they ask what they ask today
    record Ground(@Nullable String drift, long since) {}

    /// Puts a new champion on probation, where there was one before; inside a transaction.
    public void crown(ChampionPromoted promoted) {
        var model = promoted.model();
        overtake(promoted.workspace(), model);
        if (promoted.previous() == null) {
            return;
        }
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into probation (id, workspace, model, number, predecessor, cause)
                        values (:id, :workspace, :model, :number, :predecessor, :cause)
                        on conflict (workspace, model, number) do nothing
                        """)
                .bind("id", UUID.randomUUID().toString())
                .bind("workspace", promoted.workspace())
                .bind("model", model.name())
                .bind("number", model.number())
                .bind("predecessor", promoted.previous())
                .bind("cause", Cause.current().encoded())
                .execute());
    }

    /// Ends the probation of whichever version was champion until now.
    public void overtake(String workspace, ModelVersion champion) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update probation set state = 'OVERTAKEN', reason = :reason, ended_at = now()
                        where workspace = :workspace and model = :model and state = 'OPEN'
                        """)
                .bind("workspace", workspace)
                .bind("model", champion.name())
                .bind("reason", "%s became champion".formatted(champion))
                .execute());
    }

    /// The latest probations of a model, the newest first.
    public List<Probation> list(String workspace, String model, int atMost) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from probation where workspace = :workspace and model = :model order by began_at desc limit :most")
                .bind("workspace", workspace)
                .bind("model", model)
                .bind("most", atMost)
                .map(this::probation)
                .list());
    }

    /// Probations with ratings that were not looked at.
    List<String> awaiting() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select id from probation p where state = 'OPEN' and exists (
                            select 1 from watched_feedback f
                            where f.workspace = p.workspace and f.model = p.model and f.position > p.looked)
                        """).mapTo(String.class).list());
    }

    /// The probation, locked until the transaction ends; nothing where it is over or another
    /// instance has it.
    ///
    /// What is there now counts as looked at; what comes later does not.
    Optional<Open> lock(String id) {
        return jdbi.withHandle(handle -> {
            var open = handle.createQuery(
                            "select * from probation where id = :id and state = 'OPEN' for update skip locked")
                    .bind("id", id)
                    .map((row, _) -> new Open(
                            row.getString("id"),
                            row.getString("workspace"),
                            new ModelVersion(row.getString("model"), row.getInt("number")),
                            new ModelVersion(row.getString("model"), row.getInt("predecessor")),
                            looks(row.getString("looks")),
                            row.getString("cause")))
                    .findOne();
            open.ifPresent(_ -> handle.createUpdate("""
                            update probation p set looked = (
                                select coalesce(max(f.position), 0) from watched_feedback f
                                where f.workspace = p.workspace and f.model = p.model)
                            where id = :id
                            """).bind("id", id).execute());
            return open;
        });
    }

    Ground ground(Open probation) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select
                            min(a.id) filter (
                                where a.cleared_at is null or a.opened_at > p.began_at or a.cleared_at > p.began_at) as drift,
                            coalesce(max(
                                case when a.cleared_number is null then opened.first - 1 else cleared.last end), 0) as since
                        from probation p
                        left join drift_alarm a
                            on a.workspace = p.workspace and a.model = p.model and a.concern = 'INPUT'
                        left join drift_window opened
                            on opened.workspace = a.workspace and opened.model = a.model and opened.concern = a.concern
                            and opened.era = a.era and opened.number = a.number
                        left join drift_window cleared
                            on cleared.workspace = a.workspace and cleared.model = a.model and cleared.concern = a.concern
                            and cleared.era = a.era and cleared.number = a.cleared_number
                        where p.id = :id
                        """).bind("id", probation.id()).mapTo(Ground.class).one());
    }

    /// The first ratings of the champion on this ground, in the order in which they were given.
    List<Rating> first(Open probation, Ground ground, int atMost) {
        return jdbi.withHandle(handle -> rated(
                        handle.createQuery(RATED + " order by f.position limit :most"),
                        probation,
                        probation.model(),
                        ground,
                        atMost)
                .list());
    }

    /// The latest ratings of its predecessor on this ground.
    List<Rating> latest(Open probation, Ground ground, int atMost) {
        return jdbi.withHandle(handle -> rated(
                        handle.createQuery(RATED + " order by w.position desc limit :most"),
                        probation,
                        probation.predecessor(),
                        ground,
                        atMost)
                .list());
    }

    private static ResultIterable<Rating> rated(
            Query query, Open probation, ModelVersion model, Ground ground, int atMost) {
        return query.bind("workspace", probation.workspace())
                .bind("model", model.name())
                .bind("number", model.number())
                .bind("since", ground.since())
                .bind("most", atMost)
                .mapTo(Rating.class);
    }

    /// Keeps what was seen so far.
    void keep(Open probation, int ratings, List<Look> looks) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update probation set ratings = :ratings, looks = cast(:looks as jsonb) where id = :id")
                .bind("ratings", ratings)
                .bind("looks", write(looks))
                .bind("id", probation.id())
                .execute());
    }

    void end(Open probation, State state, String reason) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update probation set state = :state, reason = :reason, ended_at = now() where id = :id")
                .bind("state", state.name())
                .bind("reason", reason)
                .bind("id", probation.id())
                .execute());
    }

    /// Tells, in the story of the promotion, that the champion fell short.
    void tell(Open probation, Look look) {
        var fact = new ChampionFellShort(
                probation.workspace(),
                probation.id(),
                probation.model(),
                probation.predecessor(),
                look.champion().ratings(),
                look.champion().bad(),
                look.predecessor().ratings(),
                look.predecessor().bad(),
                Objects.requireNonNull(look.excess()),
                Objects.requireNonNull(look.pValue()),
                look.alpha(),
                look.reason());
        Cause.decode(probation.cause()).run(() -> outbox.tell(fact));
    }

    private Probation probation(ResultSet row, StatementContext context) throws SQLException {
        var state = State.valueOf(row.getString("state"));
        var looks = looks(row.getString("looks"));
        return new Probation(
                row.getString("id"),
                new ModelVersion(row.getString("model"), row.getInt("number")),
                new ModelVersion(row.getString("model"), row.getInt("predecessor")),
                state,
                row.getInt("ratings"),
                state == State.OPEN ? (Integer) rule.ratingsAt(looks.size() + 1) : null,
                looks,
                row.getString("reason"),
                row.getTimestamp("began_at").toInstant(),
                instant(row.getTimestamp("ended_at")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private List<Look> looks(String text) {
        try {
            return json.readValue(text, new TypeReference<List<Look>>() {});
        } catch (JsonProcessingException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private String write(List<Look> looks) {
        try {
            return json.writeValueAsString(looks);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
