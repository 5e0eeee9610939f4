package dev.gyre.annotation.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.judgement.Decision;
import dev.gyre.annotation.project.Projects;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.Annotator;
import dev.gyre.events.DatasetEvent.DatasetTainted;
import dev.gyre.events.JudgementEvent.AdjudicationWithdrawn;
import dev.gyre.events.JudgementEvent.TaskAdjudicated;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.NotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/// Keeps what reviewers decide: one decision counts for a task, and those before it are kept.
@ApplicationScoped
class AdjudicationStore implements Adjudications {

    private static final int CONFLICT = 409;
    private static final QualifiedType<Map<String, Object>> DATA =
            QualifiedType.of(new GenericType<Map<String, Object>>() {}).with(Json.class);
    private static final String ADJUDICATION = """
            select id, reviewer, judgement, value, strength, data, reason, decided_at, withdrawn_at, withdrawn_reason
            from adjudication
            """;

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final ReviewStore reviews;
    private final Projects projects;
    private final ObjectMapper json;

    AdjudicationStore(Jdbi jdbi, Outbox outbox, ReviewStore reviews, Projects projects, ObjectMapper json) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.reviews = reviews;
        this.projects = projects;
        this.json = json;
    }

    @Override
    @Transactional
    public void decide(String workspace, String task, Annotator reviewer, JsonNode answer, String reason) {
        var reviewed = reviews.require(workspace, task);
        var question = projects.require(workspace, reviewed.project()).question();
        var decision = Decision.of(
                question,
                reviewed.candidates(),
                () -> {
                    throw new IllegalArgumentException("value points into a text, and texts differ; decide such tasks one by one");
                },
                answer,
                json);
        decide(reviewed, new Order(UUID.randomUUID().toString(), reviewer, null, decision, reason));
    }

    @Override
    @Transactional
    public void takeBack(String workspace, String task, String decidedFor, String reason) {
        boolean counts = all(task).stream()
                .anyMatch(one -> one.withdrawnAt() == null && one.reason().equals(decidedFor));
        if (counts) {
            takeBack(reviews.require(workspace, task), reason);
        }
    }

    /// All decisions about a task, the last one first.
    List<Adjudication> all(String task) {
        return jdbi.withHandle(
                handle -> handle.createQuery(ADJUDICATION + "where task = :task order by decided_at desc, id")
                        .bind("task", task)
                        .mapTo(Adjudication.class)
                        .list());
    }

    Optional<Adjudication> find(String workspace, String id) {
        return jdbi.withHandle(handle -> handle.createQuery(ADJUDICATION + "where id = :id and workspace = :workspace")
                .bind("id", id)
                .bind("workspace", workspace)
                .mapTo(Adjudication.class)
                .findOne());
    }

    /// Whose decision it is, and what is decided.
    ///
    /// @param id of the adjudication to come
    /// @param judgement the one that is taken for right
    /// @param answer the reviewer's own, where no judgement is named
    record Order(
            String id,
            Annotator reviewer,
            @Nullable String judgement,
            @Nullable Decision answer,
            String reason) {}

    record Said(
            String id,
            @Nullable String value,
            int strength) {}

    /// Makes a decision count and tells it; one that counted before ends.
    @Transactional
    void decide(ReviewedTask task, Order order) {
        jdbi.useHandle(handle -> {
            begin(handle, task);
            var said = handle.createQuery(
                            "select id, value, strength from judgement where task = :task and withdrawn_at is null order by position")
                    .bind("task", task.task())
                    .mapTo(Said.class)
                    .list();
            var answer = order.answer() == null ? chosen(task, order, said) : order.answer();
            var before = end(handle, task, "decided anew").map(Adjudication::id).orElse(null);
            insert(handle, task, order, answer);
            outbox.tell(new TaskAdjudicated(
                    task.workspace(),
                    task.task(),
                    order.id(),
                    task.project(),
                    order.reviewer(),
                    answer.value(),
                    answer.strength(),
                    order.judgement(),
                    said.stream().map(Said::id).toList(),
                    order.reason(),
                    before));
        });
    }

    private static Decision chosen(ReviewedTask task, Order order, List<Said> said) {
        return said.stream()
                .filter(one -> one.id().equals(order.judgement()))
                .findFirst()
                .map(one -> new Decision(one.value(), one.strength(), Map.of()))
                .orElseThrow(() -> new ClientErrorException(
                        "no judgement '%s' of task '%s' stands; look at the task again"
                                .formatted(order.judgement(), task.task()),
                        CONFLICT));
    }

    /// A data set that is being frozen is waited for; decisions about one task come one after the other.
    private static void begin(Handle handle, ReviewedTask task) {
        handle.createUpdate("select pg_advisory_xact_lock_shared(hashtextextended(:project, 3))")
                .bind("project", task.project())
                .execute();
        handle.createQuery("select id from task where id = :task for no key update")
                .bind("task", task.task())
                .mapTo(String.class)
                .one();
    }

    private static void insert(Handle handle, ReviewedTask task, Order order, Decision answer) {
        handle.createUpdate("""
                        insert into adjudication (id, workspace, project, task, reviewer, judgement, value, strength, data, reason)
                        values (:id, :workspace, :project, :task, :reviewer, :judgement, :value, :strength, cast(:data as jsonb),
                                :reason)""")
                .bind("id", order.id())
                .bind("workspace", task.workspace())
                .bind("project", task.project())
                .bind("task", task.task())
                .bind("reviewer", order.reviewer().pseudonym())
                .bind("judgement", order.judgement())
                .bind("value", answer.value())
                .bind("strength", answer.strength())
                .bindByType("data", answer.data(), DATA)
                .bind("reason", order.reason())
                .execute();
    }

    /// Ends the decision that counts; frozen data sets that hold it are tainted.
    private Optional<Adjudication> end(Handle handle, ReviewedTask task, String reason) {
        var ended = handle.createQuery("""
                        update adjudication set withdrawn_at = now(), withdrawn_reason = :reason
                        where task = :task and withdrawn_at is null
                        returning id, reviewer, judgement, value, strength, data, reason, decided_at, withdrawn_at,
                                  withdrawn_reason""")
                .bind("task", task.task())
                .bind("reason", reason)
                .mapTo(Adjudication.class)
                .findOne();
        ended.ifPresent(adjudication -> handle.createQuery(
                        "select dataset from dataset_adjudication where adjudication = :adjudication order by dataset")
                .bind("adjudication", adjudication.id())
                .mapTo(String.class)
                .forEach(dataset -> outbox.tell(
                        new DatasetTainted(task.workspace(), dataset, List.of(adjudication.id()), reason))));
        return ended;
    }

    /// Takes the decision that counts back: what people said counts again.
    @Transactional
    void takeBack(ReviewedTask task, String reason) {
        jdbi.useHandle(handle -> {
            begin(handle, task);
            var ended = end(handle, task, reason)
                    .orElseThrow(() ->
                            new NotFoundException("nothing is decided for task '%s'".formatted(task.task())));
            outbox.tell(new AdjudicationWithdrawn(
                    task.workspace(), task.task(), ended.id(), task.project(), reason));
        });
    }
}
