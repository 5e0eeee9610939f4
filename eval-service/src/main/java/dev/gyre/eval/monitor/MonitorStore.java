package dev.gyre.eval.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.delivery.Outbox;
import dev.gyre.eval.detector.Signal;
import dev.gyre.eval.drift.DriftSettings;
import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.suite.SuiteStore;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.DriftEvent.DriftCleared;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.ModelVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/// The watched streams, their windows and their alarms.
@ApplicationScoped
public class MonitorStore {

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final VersionStore versions;
    private final SuiteStore suites;
    private final ObjectMapper json;

    MonitorStore(Jdbi jdbi, Outbox outbox, VersionStore versions, SuiteStore suites, ObjectMapper json) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.versions = versions;
        this.suites = suites;
        this.json = json;
    }

    /// Begins new references for a new champion: its answers and its quality are its own, and what people ask is usual
    /// from now on where it learned from a campaign.
    public void crown(String workspace, ModelVersion champion) {
        var why = "%s became champion".formatted(champion);
        var concerns = learnedFromCampaign(workspace, champion)
                ? EnumSet.allOf(Concern.class)
                : EnumSet.of(Concern.OUTPUT, Concern.QUALITY);
        for (var concern : concerns) {
            renew(new StreamName(workspace, champion.name(), concern), champion, why);
        }
    }

    private boolean learnedFromCampaign(String workspace, ModelVersion version) {
        return versions.find(workspace, version)
                .flatMap(known -> Optional.ofNullable(known.registered().dataset()))
                .flatMap(dataset -> suites.find(workspace, dataset))
                .filter(suite -> suite.frozen().campaign() != null)
                .isPresent();
    }

    /// Begins a new reference with the next interaction; an open alarm is over.
    void renew(StreamName stream, ModelVersion model, String why) {
        renew(
                stream,
                jdbi.withHandle(handle -> handle.createQuery(
                                "select coalesce(max(position), 0) from watched_interaction where workspace = :workspace and model = :model")
                        .bind("workspace", stream.workspace())
                        .bind("model", stream.model())
                        .mapTo(Long.class)
                        .one()),
                model,
                why);
    }

    /// Begins a new reference after an interaction.
    void renew(StreamName stream, long since, ModelVersion model, String why) {
        jdbi.useHandle(handle ->
                named(handle.createUpdate("""
                                update drift_stream set era = era + 1, since = :since, reference_from = null, reference_to = null, windows = 0,
                                taken = case when concern = 'QUALITY' then taken else :since end,
                                looked = case when concern = 'QUALITY' then taken else :since end
                                where workspace = :workspace and model = :model and concern = :concern
                                """), stream).bind("since", since).execute());
        open(stream).ifPresent(alarm -> clear(stream, alarm, null, model, why));
    }

    /// Streams with traffic that was not looked at.
    List<StreamName> awaiting() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        select workspace, model, concern from drift_stream s where case when concern = 'QUALITY'
                        then exists (select 1 from watched_feedback f
                            where f.workspace = s.workspace and f.model = s.model and f.position > s.looked)
                        else exists (select 1 from watched_interaction w
                            where w.workspace = s.workspace and w.model = s.model and w.state = 'READ' and w.position > s.looked) end
                        """).mapTo(StreamName.class).list());
    }

    /// The stream, locked until the transaction ends; nothing where another instance has it.
    Optional<WatchedStream> lock(StreamName stream) {
        return jdbi.withHandle(handle -> named(
                        handle.createQuery(
                                "select * from drift_stream where workspace = :workspace and model = :model and concern = :concern for update skip locked"),
                        stream)
                .mapTo(WatchedStream.class)
                .findOne());
    }

    Optional<WatchedStream> find(StreamName stream) {
        return jdbi.withHandle(handle -> named(
                        handle.createQuery(
                                "select * from drift_stream where workspace = :workspace and model = :model and concern = :concern"),
                        stream)
                .mapTo(WatchedStream.class)
                .findOne());
    }

    List<WatchedStream> list(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from drift_stream where workspace = :workspace order by model, concern")
                .bind("workspace", workspace)
                .mapTo(WatchedStream.class)
                .list());
    }

    void looked(StreamName stream, long position) {
        jdbi.useHandle(handle -> named(
                        handle.createUpdate(
                                "update drift_stream set looked = :position where workspace = :workspace and model = :model and concern = :concern"),
                        stream)
                .bind("position", position)
                .execute());
    }

    void refer(StreamName stream, long from, long to) {
        jdbi.useHandle(handle -> named(handle.createUpdate("""
                                update drift_stream set reference_from = :from, reference_to = :to, taken = :to, looked = :to
                                where workspace = :workspace and model = :model and concern = :concern
                                """), stream)
                .bind("from", from)
                .bind("to", to)
                .execute());
    }

    /// Keeps a window and tells it.
    ///
    /// @param model the version that answered last
    void add(StreamName stream, MeasuredWindow window, ModelVersion model) {
        jdbi.useHandle(handle -> {
            named(handle.createUpdate("""
                                    insert into drift_window (workspace, model, concern, era, number, first, last, verdict, statistics)
                                    values (:workspace, :model, :concern, :era, :number, :first, :last, :verdict, cast(:statistics as jsonb))
                                    """), stream)
                    .bind("era", window.era())
                    .bind("number", window.number())
                    .bind("first", window.first())
                    .bind("last", window.last())
                    .bind("verdict", window.verdict().name())
                    .bind("statistics", write(window.statistics()))
                    .execute();
            named(handle.createUpdate("""
                                    update drift_stream set windows = :number, taken = :last, looked = :last
                                    where workspace = :workspace and model = :model and concern = :concern
                                    """), stream)
                    .bind("number", window.number())
                    .bind("last", window.last())
                    .execute();
        });
        outbox.tell(window.fact(stream, model));
    }

    /// The latest windows, the oldest first.
    ///
    /// @param era 0 for all eras
    List<MeasuredWindow> windows(StreamName stream, int era, int atMost) {
        return jdbi.withHandle(handle -> named(handle.createQuery("""
                                        select era, number, first, last, verdict, statistics, measured_at from drift_window
                                        where workspace = :workspace and model = :model and concern = :concern and (:era = 0 or era = :era)
                                        order by era desc, number desc limit :most
                                        """), stream)
                        .bind("era", era)
                        .bind("most", atMost)
                        .map((row, _) -> new MeasuredWindow(
                                row.getInt("era"),
                                row.getInt("number"),
                                row.getLong("first"),
                                row.getLong("last"),
                                Signal.valueOf(row.getString("verdict")),
                                statistics(row.getString("statistics")),
                                row.getTimestamp("measured_at").toInstant()))
                        .list())
                .reversed();
    }

    /// Keeps an alarm and tells of it; one that is known stays where it began and has more to show.
    void open(StreamName stream, int era, int number, DriftDetected detected) {
        jdbi.useHandle(handle -> named(handle.createUpdate("""
                                insert into drift_alarm (id, workspace, model, concern, era, number, detected)
                                values (:id, :workspace, :model, :concern, :era, :number, :detected)
                                on conflict (id) do update set detected = excluded.detected
                                """), stream)
                .bind("id", detected.drift())
                .bind("era", era)
                .bind("number", number)
                .bind("detected", detected)
                .execute());
        outbox.tell(detected);
    }

    void clear(StreamName stream, StoredAlarm alarm, @Nullable Integer number, ModelVersion model, String why) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "update drift_alarm set cleared_at = now(), cleared_number = :number, cleared = :why where id = :id")
                .bind("number", number)
                .bind("why", why)
                .bind("id", alarm.id())
                .execute());
        outbox.tell(new DriftCleared(stream.workspace(), stream.text(), alarm.id(), model));
    }

    Optional<StoredAlarm> open(StreamName stream) {
        return alarms(stream, 1).stream()
                .filter(alarm -> alarm.clearedAt() == null)
                .findFirst();
    }

    /// Windows of this era since the last alarm was over, large where there was none.
    long sinceAlarm(WatchedStream stream, int number) {
        return alarms(stream.name(), 1).stream()
                .filter(alarm -> alarm.era() == stream.era())
                .flatMap(alarm -> Stream.ofNullable(alarm.clearedNumber()))
                .mapToLong(cleared -> number - cleared)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /// The latest alarms, the newest first.
    List<StoredAlarm> alarms(StreamName stream, int atMost) {
        return jdbi.withHandle(handle -> named(handle.createQuery("""
                                select id, era, number, detected, opened_at, cleared_at, cleared_number, cleared from drift_alarm
                                where workspace = :workspace and model = :model and concern = :concern
                                order by opened_at desc limit :most
                                """), stream)
                .bind("most", atMost)
                .mapTo(StoredAlarm.class)
                .list());
    }

    Optional<DriftSettings> settings(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createQuery(
                                "select settings from monitor_settings where workspace = :workspace and model = :model")
                        .bind("workspace", workspace)
                        .bind("model", model)
                        .mapTo(String.class)
                        .findOne())
                .map(text -> {
                    try {
                        return json.readValue(text, DriftSettings.class);
                    } catch (JsonProcessingException broken) {
                        throw new UncheckedIOException(broken);
                    }
                });
    }

    void settings(String workspace, String model, DriftSettings settings) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into monitor_settings (workspace, model, settings) values (:workspace, :model, cast(:settings as jsonb))
                        on conflict (workspace, model) do update set settings = excluded.settings
                        """)
                .bind("workspace", workspace)
                .bind("model", model)
                .bind("settings", write(settings))
                .execute());
    }

    private static <S extends SqlStatement<S>> S named(S statement, StreamName stream) {
        return statement
                .bind("workspace", stream.workspace())
                .bind("model", stream.model())
                .bind("concern", stream.concern().name());
    }

    private List<WindowStatistic> statistics(String text) {
        try {
            return json.readValue(text, new TypeReference<List<WindowStatistic>>() {});
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
}
