package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.cli.client.Services.Call;
import dev.gyre.cli.client.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The people of a scenario at work: each pulls tasks, decides, and sends judgements, all at the same time.
final class Judging {

    private static final int AT_ONCE = 25;
    /// Every so many judgements are sent twice, as by a browser that did not hear the answer.
    private static final int TWICE = 20;
    private static final int IDLE_LOOKS = 12;

    private final Services services;
    private final Queue<Submitted> submitted = new ConcurrentLinkedQueue<>();

    Judging(Services services) {
        this.services = services;
    }

    /// One person's work in a project.
    ///
    /// @param rows number of the row in its file by the sample's external id
    record Desk(String project, String account, Opinion opinion, Map<String, Long> rows) {

        Desk {
            rows = Map.copyOf(rows);
        }
    }

    /// What was sent so far.
    int count() {
        return submitted.size();
    }

    List<Submitted> submitted() {
        return List.copyOf(submitted);
    }

    /// Returns when nobody finds a task any more.
    void work(List<Desk> desks, Runnable beat) {
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var working = new ArrayList<Future<?>>();
            desks.forEach(desk -> working.add(people.submit(() -> work(desk))));
            while (working.stream().anyMatch(person -> !person.isDone())) {
                beat.run();
                Stages.pause();
            }
            for (var person : working) {
                person.get();
            }
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while judging", stopped);
        }
    }

    private void work(Desk desk) {
        var next = new Call(
                desk.account(),
                "annotation",
                "/api/projects/%s/tasks/next?count=%d".formatted(desk.project(), AT_ONCE));
        for (int idle = 0; idle < IDLE_LOOKS; ) {
            var tasks = services.post(next, Map.of());
            for (var task : tasks) {
                judge(desk, task);
            }
            if (!tasks.isEmpty()) {
                idle = 0;
            } else if (isDone(desk)) {
                return;
            } else {
                idle++;
                Stages.pause();
            }
        }
    }

    private boolean isDone(Desk desk) {
        return services.get(new Call(desk.account(), "annotation", "/api/projects/" + desk.project()))
                        .path("progress")
                        .path("open")
                        .asInt()
                == 0;
    }

    private void judge(Desk desk, JsonNode task) {
        var row = desk.rows().get(task.path("externalId").asText());
        if (row == null) {
            throw new IllegalArgumentException("annotation shows a task of sample '%s', which ingest did not accept"
                    .formatted(task.path("externalId").asText()));
        }
        var call = new Call(
                desk.account(),
                "annotation",
                "/api/tasks/%s/judgements".formatted(task.path("task").asText()));
        var judgement = judgement(task, desk.opinion().of(row));
        var receipt = services.post(call, judgement).path("judgement").asText();
        submitted.add(new Submitted(task.path("task").asText(), desk.account(), receipt));
        if (submitted.size() % TWICE == 0) {
            var again = services.post(call, judgement).path("judgement").asText();
            if (!again.equals(receipt)) {
                submitted.add(new Submitted(task.path("task").asText(), desk.account(), again));
            }
        }
    }

    private static ObjectNode judgement(JsonNode task, Decision decision) {
        var judgement =
                Services.JSON.createObjectNode().put("lease", task.path("lease").asText());
        return switch (decision) {
            case Decision.Prefer(int original, int strength) ->
                judgement.put("choice", candidate(task, original)).put("strength", strength);
            case Decision.Tie ignored -> judgement.put("strength", 0);
            case Decision.BothBad ignored -> judgement.put("bothBad", true);
            case Decision.Label(String label) -> judgement.put("label", label);
            case Decision.Write(String text) -> judgement.put("text", text);
        };
    }

    private static String candidate(JsonNode task, int original) {
        for (var candidate : task.path("candidates")) {
            if (candidate.path("original").asInt() == original) {
                return candidate.path("id").asText();
            }
        }
        throw new IllegalArgumentException(
                "task %s shows no candidate %d".formatted(task.path("task").asText(), original));
    }
}
