package dev.gyre.registry.lineage;

import dev.gyre.events.DatasetEvent.DatasetFrozen;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Frozen data sets and the judgements in them.
@ApplicationScoped
public class DatasetStore {

    private final Jdbi jdbi;

    DatasetStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// @param state `WAITING` until the list of judgements was read, then `LISTED`; `REFUSED` if it is not the list
    /// that was promised
    /// @param problem what is in the way of reading it
    public record Dataset(
            String workspace,
            String id,
            DatasetFrozen frozen,
            String state,
            int attempts,
            @Nullable String problem) {}

    void record(DatasetFrozen frozen) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into dataset (workspace, id, frozen) values (:workspace, :id, :frozen) on conflict do nothing")
                .bind("workspace", frozen.workspace())
                .bind("id", frozen.dataset())
                .bind("frozen", frozen)
                .execute());
    }

    /// The next one whose judgements are to be listed, kept from other workers until the running transaction ends.
    Optional<Dataset> claim() {
        return jdbi.withHandle(handle -> {
            // Files are read meanwhile, in silence, for as long as the transaction of the worker may last.
            handle.execute("set local idle_in_transaction_session_timeout = '10min'");
            return handle.createQuery("""
                        select workspace, id, frozen, state, attempts, problem from dataset
                        where state = 'WAITING' and (next_attempt_at <= now() or next_attempt_at > now() + interval '5 minutes')
                        order by next_attempt_at limit 1 for update skip locked
                        """).mapTo(Dataset.class).findOne();
        });
    }

    /// Adds the judgements from this position on.
    void add(Dataset dataset, int position, List<String> judgements) {
        jdbi.useHandle(handle -> {
            var batch = handle.prepareBatch("""
                    insert into dataset_judgement (workspace, dataset, position, judgement)
                    values (:workspace, :dataset, :position, :judgement)
                    """);
            var next = position;
            for (var judgement : judgements) {
                batch.bind("workspace", dataset.workspace())
                        .bind("dataset", dataset.id())
                        .bind("position", next++)
                        .bind("judgement", judgement)
                        .add();
            }
            batch.execute();
        });
    }

    void settle(Dataset dataset, String state, @Nullable String problem) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update dataset set state = :state, problem = :problem, attempts = attempts + 1,
                          next_attempt_at = now() + least(60, power(2, least(attempts, 6))) * interval '1 second'
                        where workspace = :workspace and id = :id
                        """)
                .bind("state", state)
                .bind("problem", problem)
                .bind("workspace", dataset.workspace())
                .bind("id", dataset.id())
                .execute());
    }

    public Optional<Dataset> find(String workspace, String id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select workspace, id, frozen, state, attempts, problem from dataset
                        where workspace = :workspace and id = :id
                        """)
                .bind("workspace", workspace)
                .bind("id", id)
                .mapTo(Dataset.class)
                .findOne());
    }

    /// A page of a data set's judgements in their order.
    ///
    /// @param after position after which the page begins, −1 for the first
    List<String> judgements(String workspace, String dataset, int after, int count) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select judgement from dataset_judgement
                        where workspace = :workspace and dataset = :dataset and position > :after
                        order by position limit :count
                        """)
                .bind("workspace", workspace)
                .bind("dataset", dataset)
                .bind("after", after)
                .bind("count", count)
                .mapTo(String.class)
                .list());
    }
}
