package dev.gyre.registry.activity;

import dev.gyre.delivery.FactJson;
import dev.gyre.events.Fact;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// Everything that was told, in the order in which it arrived here.
@ApplicationScoped
class ActivityStore {

    private static final String COLUMNS =
            "id, event, topic, type, key, time, workspace, correlation, trace, causation, depth, summary, payload::text as payload";

    private final Jdbi jdbi;

    ActivityStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Where a fact came from, as its headers say.
    record Envelope(
            String source,
            String event,
            Instant time,
            String correlation,
            @Nullable String causation,
            int depth) {}

    /// Keeps a fact. Writers wait for one another, so that ids become visible in their order and a reader who knows the
    /// last id misses nothing.
    void add(Envelope envelope, Fact fact) {
        jdbi.useHandle(handle -> {
            handle.execute("select pg_advisory_xact_lock(hashtext(current_schema() || '.activity'))");
            handle.createUpdate("""
                            insert into activity (source, event, topic, type, key, time, workspace, correlation, causation, depth, summary, payload)
                            values (:source, :event, :topic, :type, :key, :time, :workspace, :correlation, :causation, :depth, :summary, cast(:payload as jsonb))
                            on conflict (source, event) do nothing
                            """)
                    .bind("source", envelope.source())
                    .bind("event", envelope.event())
                    .bind("time", envelope.time())
                    .bind("correlation", envelope.correlation())
                    .bind("causation", envelope.causation())
                    .bind("depth", envelope.depth())
                    .bind("topic", fact.topic())
                    .bind("type", fact.getClass().getSimpleName())
                    .bind("key", fact.key())
                    .bind("workspace", fact.workspace())
                    .bind("summary", FactSummary.of(fact))
                    .bind("payload", new String(FactJson.write(fact), StandardCharsets.UTF_8))
                    .execute();
        });
    }

    /// Which facts are wanted; what is missing does not matter.
    record Filter(
            @Nullable String correlation,
            @Nullable String trace,
            @Nullable String topic,
            @Nullable String type) {

        private Query bind(Query query) {
            return query.bind("correlation", correlation)
                    .bind("trace", trace)
                    .bind("topic", topic)
                    .bind("type", type);
        }
    }

    private static final String WANTED = """
             from activity
            where workspace = :workspace
              and (cast(:correlation as text) is null or correlation = :correlation)
              and (cast(:trace as text) is null or trace = :trace)
              and (cast(:topic as text) is null or topic = :topic)
              and (cast(:type as text) is null or type = :type)
            """;

    /// What came after an id, oldest first.
    List<Activity> after(String workspace, long after, Filter wanted, int limit) {
        return jdbi.withHandle(handle -> wanted.bind(handle.createQuery(
                        "select " + COLUMNS + WANTED + " and id > :after order by id limit :limit"))
                .bind("workspace", workspace)
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(Activity.class)
                .list());
    }

    /// The newest, oldest of them first.
    List<Activity> last(String workspace, Filter wanted, int count) {
        return jdbi.withHandle(handle -> wanted.bind(handle.createQuery("select * from (select " + COLUMNS + WANTED
                        + " order by id desc limit :count) newest order by id"))
                .bind("workspace", workspace)
                .bind("count", count)
                .mapTo(Activity.class)
                .list());
    }

    /// All facts of one story.
    List<Activity> story(String workspace, String correlation) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + COLUMNS
                        + " from activity where workspace = :workspace and correlation = :correlation order by id")
                .bind("workspace", workspace)
                .bind("correlation", correlation)
                .mapTo(Activity.class)
                .list());
    }

    /// The facts of a story in which something is decided: not the many that people and models tell meanwhile.
    List<Activity> turns(String workspace, String correlation) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + COLUMNS + """
                                 from activity
                                where workspace = :workspace and correlation = :correlation
                                  and topic in ('drift', 'campaigns', 'datasets', 'trainings', 'models', 'evaluations')
                                  and type <> 'TrainingProgressed'
                                order by id
                                """)
                .bind("workspace", workspace)
                .bind("correlation", correlation)
                .mapTo(Activity.class)
                .list());
    }

    /// All facts about one thing.
    List<Activity> about(String workspace, String topic, String key) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + COLUMNS
                        + " from activity where workspace = :workspace and topic = :topic and key = :key order by id")
                .bind("workspace", workspace)
                .bind("topic", topic)
                .bind("key", key)
                .mapTo(Activity.class)
                .list());
    }

    /// The newest facts about one thing whose type is, or is not, this one; the oldest of them first.
    List<Activity> about(String workspace, String topic, String key, String type, boolean is, int count) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from (select " + COLUMNS + """
                                 from activity
                                where workspace = :workspace and topic = :topic and key = :key and (type = :type) = :is
                                order by id desc limit :count) newest order by id
                                """)
                .bind("workspace", workspace)
                .bind("topic", topic)
                .bind("key", key)
                .bind("type", type)
                .bind("is", is)
                .bind("count", count)
                .mapTo(Activity.class)
                .list());
    }

    /// What happened to the runs that learn from a data set.
    List<Activity> learningFrom(String workspace, String dataset) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + COLUMNS + """
                                 from activity
                                where workspace = :workspace and topic = 'trainings' and payload ->> 'dataset' = :dataset
                                order by id
                                """)
                .bind("workspace", workspace)
                .bind("dataset", dataset)
                .mapTo(Activity.class)
                .list());
    }

    /// What a topic is about in a workspace.
    List<String> keys(String workspace, String topic) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select distinct key from activity where workspace = :workspace and topic = :topic order by key")
                .bind("workspace", workspace)
                .bind("topic", topic)
                .mapTo(String.class)
                .list());
    }

    /// Judgements that people gave in a project and did not withdraw.
    int judgements(String workspace, String project) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select count(distinct payload ->> 'judgement')
                                   filter (where type in ('PreferenceRecorded', 'LabelRecorded', 'DemonstrationRecorded',
                                                          'AnswersRecorded'))
                             - count(*) filter (where type = 'JudgementWithdrawn')
                        from activity
                        where workspace = :workspace and topic = 'judgements' and payload ->> 'project' = :project
                        """)
                .bind("workspace", workspace)
                .bind("project", project)
                .mapTo(int.class)
                .one());
    }

    /// Whether the trail of a workspace is as it was written.
    ///
    /// @param entries how many it has
    /// @param head hash of the newest entry, hex; whoever keeps it elsewhere can tell later whether the trail was cut
    /// @param brokenAt id of the first entry that does not follow from the one before, missing where all do
    record Trail(
            long entries,
            @Nullable String head,
            @Nullable Long brokenAt) {}

    Trail trail(String workspace) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select count(*) as entries,
                               encode((array_agg(hash order by id desc))[1], 'hex') as head,
                               min(id) filter (where hash is distinct from expected) as broken_at
                        from (select id, hash, activity_hash(lag(hash) over (order by id), activity) as expected
                              from activity where workspace = :workspace) chain
                        """)
                .bind("workspace", workspace)
                .mapTo(Trail.class)
                .one());
    }

    /// How many facts of each topic, zeros included.
    Map<String, Long> counts(String workspace) {
        var counts = new LinkedHashMap<String, Long>();
        Topics.all().forEach(topic -> counts.put(topic, 0L));
        jdbi.useHandle(handle -> handle.createQuery(
                        "select topic, count(*) from activity where workspace = :workspace group by topic")
                .bind("workspace", workspace)
                .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue())));
        return counts;
    }
}
