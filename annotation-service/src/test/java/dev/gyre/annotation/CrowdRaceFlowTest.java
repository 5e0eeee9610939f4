package dev.gyre.annotation;

import static dev.gyre.annotation.TestCrowd.LABEL;
import static dev.gyre.annotation.TestCrowd.as;
import static dev.gyre.annotation.TestCrowd.label;
import static dev.gyre.annotation.TestCrowd.manager;
import static dev.gyre.annotation.TestCrowd.next;
import static dev.gyre.annotation.TestCrowd.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// Fifty people at once who walk away, send twice, change their minds, and whose leases are cut off.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class CrowdRaceFlowTest {

    private static final int PEOPLE = 50;
    private static final int TASKS = 40;
    private static final int ANSWERS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Inject
    TestCrowd crowd;

    @Inject
    Jdbi jdbi;

    private final Set<String> standing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger takenBack = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();

    @Test
    void everyTaskEndsWithExactlyTheAnswersWantedAndNoneIsLostOrDoubled() throws Exception {
        var source = crowd.arrive(IntStream.range(0, TASKS)
                .mapToObj(number -> text("Text " + number))
                .toList());
        var project = crowd.project(source, LABEL, ANSWERS, ",\"leaseSeconds\":1");
        TestCrowd.awaitOpen(project, TASKS);
        long end = System.nanoTime() + PATIENCE.toNanos();

        int cut = 0;
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = new ArrayList<Future<?>>();
            for (int person = 0; person < PEOPLE; person++) {
                var name = "racer" + person;
                var random = new Random(person);
                work.add(people.submit(() -> judgeUntilDone(name, project, random, end)));
            }
            while (work.stream().anyMatch(one -> !one.isDone())) {
                cut += cutSomeLeases(project);
                Thread.sleep(20);
            }
            for (var one : work) {
                one.get();
            }
        }

        record Ended(String id, int wanted, int taken, int judged, String state, List<String> judgements, int people) {}
        var ended = jdbi.withHandle(handle -> handle.createQuery("""
                        select t.id, t.wanted, t.taken, t.judged, t.state, array_agg(j.id) as judgements,
                               count(distinct j.annotator) as people
                        from task t join judgement j on j.task = t.id and j.withdrawn_at is null
                        where t.project = :project group by t.id""")
                .bind("project", project)
                .map((row, _) -> new Ended(
                        row.getString("id"),
                        row.getInt("wanted"),
                        row.getInt("taken"),
                        row.getInt("judged"),
                        row.getString("state"),
                        List.of((String[]) row.getArray("judgements").getArray()),
                        row.getInt("people")))
                .list());
        assertThat(ended).hasSize(TASKS).allSatisfy(task -> {
            assertThat(task.judgements()).hasSize(ANSWERS);
            assertThat(task.people()).isEqualTo(ANSWERS);
            assertThat(task).extracting(Ended::taken, Ended::judged, Ended::state).containsExactly(ANSWERS, ANSWERS, "DONE");
        });
        assertThat(ended.stream().flatMap(task -> task.judgements().stream()))
                .containsExactlyInAnyOrderElementsOf(standing);
        // the race was one
        assertThat(List.of(refused.get(), takenBack.get(), abandoned.get(), cut)).allMatch(count -> count > 0);
    }

    private void judgeUntilDone(String person, String project, Random random, long end) {
        while (System.nanoTime() < end && !isDone(project)) {
            for (var task : next(person, project, 1 + random.nextInt(3))) {
                switch (random.nextInt(8)) {
                    case 0 -> abandoned.incrementAndGet();
                    case 1 -> takeBack(person, send(person, task));
                    case 2, 3 -> sendTwiceAtOnce(person, task);
                    default -> send(person, task);
                }
            }
        }
    }

    private static boolean isDone(String project) {
        return manager().get("/api/projects/" + project + "/progress").then().extract().<Integer>path("done") == TASKS;
    }

    /// @return the judgement, or nothing where others have the seat
    private String send(String person, TestCrowd.Lent task) {
        var response = label(person, task, "ham").extract();
        if (response.statusCode() == 409) {
            refused.incrementAndGet();
            return "";
        }
        assertThat(response.statusCode()).as(response.asString()).isIn(200, 201);
        String judgement = response.path("judgement");
        standing.add(judgement);
        return judgement;
    }

    /// As where the receipt was lost: both requests end with the same judgement, or none does.
    private void sendTwiceAtOnce(String person, TestCrowd.Lent task) {
        try (var twice = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = twice.submit(() -> send(person, task));
            var second = twice.submit(() -> send(person, task));
            assertThat(Stream.of(first.get(), second.get()).filter(id -> !id.isEmpty()).distinct())
                    .hasSizeLessThanOrEqualTo(1);
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void takeBack(String person, String judgement) {
        if (!judgement.isEmpty()) {
            standing.remove(judgement);
            as(person, "annotator").delete("/api/judgements/" + judgement).then().statusCode(204);
            takenBack.incrementAndGet();
        }
    }

    /// Leases end before their time, also those that somebody is just using.
    private int cutSomeLeases(String project) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                        update lease set expires_at = now() - interval '1 second'
                        where id in (select id from lease where project = :project and state = 'OPEN' and random() < 0.2
                                     for no key update skip locked)""")
                .bind("project", project)
                .execute());
    }
}
