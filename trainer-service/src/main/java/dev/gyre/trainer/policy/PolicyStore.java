package dev.gyre.trainer.policy;

import dev.gyre.delivery.Cause;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.ModelEvent.CandidateRejected;
import dev.gyre.trainer.policy.Decision.Obstacle;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.core.statement.Update;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Keeps policies, the data sets that they have to decide on, and every decision.
@ApplicationScoped
class PolicyStore {

    private final Jdbi jdbi;

    PolicyStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// @param since when the model got a policy: what was frozen before is not decided on
    record Kept(String model, @Json Policy policy, String setBy, Instant setAt, Instant since) {}

    /// A data set that a decision is due for.
    record Due(long seq, String workspace, String model, DatasetFrozen frozen, String cause) {}

    /// A decision as it is kept.
    ///
    /// @param outcome `TRAIN`, `WAIT` or `REFUSE`
    /// @param run that a decision to train began
    record Made(
            String model,
            String dataset,
            String outcome,
            String reason,
            @Nullable String run,
            @Nullable String campaign,
            String story,
            Instant at) {}

    /// Sets the policy of a model; data sets that wait are looked at again at once.
    void set(String workspace, String model, Policy policy, String by) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                            insert into policy (workspace, model, policy, set_by) values (:workspace, :model, :policy, :by)
                            on conflict (workspace, model)
                            do update set policy = excluded.policy, set_by = excluded.set_by, set_at = now()""")
                    .bind("workspace", workspace)
                    .bind("model", model)
                    .bindByType("policy", policy, QualifiedType.of(Policy.class).with(Json.class))
                    .bind("by", by)
                    .execute();
            handle.createUpdate("""
                            update policy_signal set next_look_at = now()
                            where workspace = :workspace and model = :model and state = 'OPEN'""")
                    .bind("workspace", workspace)
                    .bind("model", model)
                    .execute();
        });
    }

    /// @return whether there was one
    boolean remove(String workspace, String model) {
        return jdbi.withHandle(handle -> handle.createUpdate(
                                "delete from policy where workspace = :workspace and model = :model")
                        .bind("workspace", workspace)
                        .bind("model", model)
                        .execute())
                == 1;
    }

    Optional<Kept> find(String workspace, String model) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from policy where workspace = :workspace and model = :model")
                        .bind("workspace", workspace)
                        .bind("model", model)
                        .mapTo(Kept.class)
                        .findOne());
    }

    List<Kept> all(String workspace) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from policy where workspace = :workspace order by model")
                        .bind("workspace", workspace)
                        .mapTo(Kept.class)
                        .list());
    }

    /// Records that a data set was frozen for a model, in the story that is being told.
    void hear(DatasetFrozen frozen, String model) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into policy_signal (workspace, model, dataset, frozen, cause)
                        values (:workspace, :model, :dataset, :frozen, :cause) on conflict do nothing""")
                .bind("workspace", frozen.workspace())
                .bind("model", model)
                .bind("dataset", frozen.dataset())
                .bind("frozen", frozen)
                .bind("cause", Cause.current().encoded())
                .execute());
    }

    void reject(CandidateRejected rejected) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into policy_rejection (workspace, model, version, reason)
                        values (:workspace, :model, :version, :reason) on conflict do nothing""")
                .bind("workspace", rejected.workspace())
                .bind("model", rejected.model().name())
                .bind("version", rejected.model().number())
                .bind(
                        "reason",
                        rejected.reasons().isEmpty()
                                ? "no reason given"
                                : rejected.reasons().getFirst())
                .execute());
    }

    /// Why a version was not promoted, where it was not.
    Optional<String> rejection(String workspace, String model, int version) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select reason from policy_rejection where workspace = :workspace and model = :model and version = :version")
                .bind("workspace", workspace)
                .bind("model", model)
                .bind("version", version)
                .mapTo(String.class)
                .findOne());
    }

    /// The next data set to decide on; it and its model's policy are kept from other workers until the running
    /// transaction ends.
    Optional<Due> claim() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        select s.seq, s.workspace, s.model, s.frozen, s.cause
                        from policy_signal s join policy p on p.workspace = s.workspace and p.model = s.model
                        where s.state = 'OPEN' and s.next_look_at <= now() and s.heard_at >= p.since
                        order by s.next_look_at, s.seq limit 1 for update skip locked""").mapTo(Due.class).findOne());
    }

    /// A data set of the model that was frozen later, is of the same kind, is not in doubt, and waits too or is trained on
    /// already.
    Optional<String> newer(Due due) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select frozen ->> 'name' from policy_signal
                        where workspace = :workspace and model = :model and state in ('OPEN', 'TRAINED') and seq > :seq
                          and frozen ->> 'kind' = :kind
                          and coalesce(jsonb_array_length(frozen -> 'doubts'), 0) = 0
                        order by seq desc limit 1""")
                .bind("workspace", due.workspace())
                .bind("model", due.model())
                .bind("seq", due.seq())
                .bind("kind", due.frozen().kind().name())
                .mapTo(String.class)
                .findOne());
    }

    /// Judgements in the model's data sets that were heard of after this moment; those in doubt do not count.
    int judgements(Due due, @Nullable Instant after) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select coalesce(sum((frozen ->> 'judgementCount')::int), 0) from policy_signal
                        where workspace = :workspace and model = :model
                          and coalesce(jsonb_array_length(frozen -> 'doubts'), 0) = 0
                          and (cast(:after as timestamptz) is null or heard_at > :after)""")
                .bind("workspace", due.workspace())
                .bind("model", due.model())
                .bind("after", after)
                .mapTo(Integer.class)
                .one());
    }

    /// Data sets of the model that gave way to a newer one or give way to this one, the newest first.
    ///
    /// @param campaigns whether a campaign's data set is trained on for itself and gives way to none
    List<String> superseded(Due due, boolean campaigns) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select dataset from policy_signal
                        where workspace = :workspace and model = :model and seq < :seq
                          and (state = 'SUPERSEDED'
                               or (state = 'OPEN' and not (:campaigns and frozen ->> 'campaign' is not null)))
                        order by seq desc limit 20""")
                .bind("workspace", due.workspace())
                .bind("model", due.model())
                .bind("seq", due.seq())
                .bind("campaigns", campaigns)
                .mapTo(String.class)
                .list());
    }

    /// The decisions to train a model, the newest first.
    List<Made> trainings(Due due, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select * from policy_decision
                        where workspace = :workspace and model = :model and outcome = 'TRAIN'
                        order by id desc limit :limit""")
                .bind("workspace", due.workspace())
                .bind("model", due.model())
                .bind("limit", limit)
                .mapTo(Made.class)
                .list());
    }

    /// The newest first.
    List<Made> decisions(String workspace, String model, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select * from policy_decision where workspace = :workspace and model = :model
                        order by id desc limit :limit""")
                .bind("workspace", workspace)
                .bind("model", model)
                .bind("limit", limit)
                .mapTo(Made.class)
                .list());
    }

    void train(Due due, String run, String reason) {
        jdbi.useHandle(handle -> {
            insert(handle, due, "TRAIN", null, reason).bind("run", run).execute();
            close(handle, due, "TRAINED");
        });
    }

    void refuse(Due due, Decision.Refuse decision) {
        jdbi.useHandle(handle -> {
            insert(handle, due, "REFUSE", null, decision.reason())
                    .bind("run", (String) null)
                    .execute();
            close(handle, due, decision.isSuperseded() ? "SUPERSEDED" : "REFUSED");
        });
    }

    /// Looks again later; the decision is kept where it waits for something else than before.
    void await(Due due, Decision.Wait decision) {
        jdbi.useHandle(handle -> {
            if (!decision.why().name().equals(obstacle(handle, due).orElse(""))) {
                insert(handle, due, "WAIT", decision.why(), decision.reason())
                        .bind("run", (String) null)
                        .execute();
            }
            lookAgain(handle, due, decision.until());
        });
    }

    /// Looks again later and says nothing.
    void postpone(Due due, Instant until) {
        jdbi.useHandle(handle -> lookAgain(handle, due, until));
    }

    private static Optional<String> obstacle(Handle handle, Due due) {
        return handle.createQuery("""
                        select obstacle from policy_decision where workspace = :workspace and dataset = :dataset
                        order by id desc limit 1""")
                .bind("workspace", due.workspace())
                .bind("dataset", due.frozen().dataset())
                .mapTo(String.class)
                .findOne();
    }

    private static Update insert(Handle handle, Due due, String outcome, @Nullable Obstacle obstacle, String reason) {
        return handle.createUpdate("""
                        insert into policy_decision (workspace, model, dataset, outcome, obstacle, reason, run, campaign, story)
                        values (:workspace, :model, :dataset, :outcome, :obstacle, :reason, :run, :campaign, :story)""")
                .bind("workspace", due.workspace())
                .bind("model", due.model())
                .bind("dataset", due.frozen().dataset())
                .bind("outcome", outcome)
                .bind("obstacle", obstacle == null ? null : obstacle.name())
                .bind("reason", reason)
                .bind("campaign", due.frozen().campaign())
                .bind("story", Cause.decode(due.cause()).correlation());
    }

    private static void close(Handle handle, Due due, String state) {
        handle.createUpdate("update policy_signal set state = :state where seq = :seq")
                .bind("state", state)
                .bind("seq", due.seq())
                .execute();
    }

    private static void lookAgain(Handle handle, Due due, Instant until) {
        handle.createUpdate("update policy_signal set next_look_at = :until where seq = :seq")
                .bind("until", until)
                .bind("seq", due.seq())
                .execute();
    }
}
