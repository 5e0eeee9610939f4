package dev.gyre.cli.crowd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.client.ServiceFailure;
import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// One annotator, who works as the page does: the next tasks are there before they are wanted, an answer is sent, the
/// queue is filled again, the progress is looked at.
///
/// @param thinkMillis how long this person thinks on average; between half of it and half as much again
record Person(String account, String project, int thinkMillis, Services services, Record record) {

    /// The page's own numbers: so many tasks are held, more are fetched once there are fewer than [#LOW], and what others
    /// did is looked up so often.
    private static final int AHEAD = 4;

    private static final int LOW = 2;
    private static final long PROGRESS_NANOS = 10_000_000_000L;

    /// What all of them did within the measured time.
    ///
    /// @param receipts judgements that the service said it has, those of the ramp too
    record Record(
            Latencies answers,
            Latencies tasks,
            Latencies progress,
            Queue<String> receipts,
            AtomicInteger errors,
            Span measured) {

        Record(Span measured) {
            this(
                    new Latencies(),
                    new Latencies(),
                    new Latencies(),
                    new ConcurrentLinkedQueue<>(),
                    new AtomicInteger(),
                    measured);
        }
    }

    /// From and to on the clock of [System#nanoTime].
    record Span(long from, long to) {

        boolean holds(long nanos) {
            return from <= nanos && nanos < to;
        }
    }

    private interface Request {
        JsonNode send();
    }

    /// Works until the time is over.
    void work(RandomGenerator random) throws InterruptedException {
        var queue = new ArrayDeque<JsonNode>();
        long looked = System.nanoTime() - random.nextLong(PROGRESS_NANOS);
        while (System.nanoTime() < record.measured().to()) {
            if (queue.size() < LOW) {
                fill(queue, AHEAD - queue.size());
            }
            Thread.sleep(thinkMillis / 2 + random.nextInt(thinkMillis));
            var task = queue.poll();
            if (task != null && System.nanoTime() < record.measured().to()) {
                judge(task);
                if (System.nanoTime() - looked > PROGRESS_NANOS) {
                    looked = System.nanoTime();
                    timed(record.progress(), () -> services.get(call("/api/projects/%s/progress".formatted(project))));
                }
            }
        }
    }

    private void fill(Queue<JsonNode> queue, int count) {
        var lent = timed(
                record.tasks(),
                () -> services.post(call("/api/projects/%s/tasks/next?count=%d".formatted(project, count)), Map.of()));
        if (lent != null) {
            lent.forEach(queue::add);
        }
    }

    /// Everybody says that the first answer of the source is better, so that every judgement ends in a row.
    private void judge(JsonNode task) {
        var judgement = Services.JSON
                .createObjectNode()
                .put("lease", task.path("lease").asText())
                .put("choice", "A")
                .put("strength", 2)
                .put("activeMillis", thinkMillis);
        var receipt = timed(
                record.answers(),
                () -> services.post(
                        call("/api/tasks/%s/judgements".formatted(task.path("task").asText())), judgement));
        if (receipt != null) {
            record.receipts().add(receipt.path("judgement").asText());
        }
    }

    private JsonNode timed(Latencies latencies, Request request) {
        long began = System.nanoTime();
        try {
            var answer = request.send();
            if (record.measured().holds(began)) {
                latencies.took(System.nanoTime() - began);
            }
            return answer;
        } catch (ServiceFailure refused) {
            if (record.measured().holds(began)) {
                record.errors().incrementAndGet();
            }
            return Services.JSON.nullNode();
        }
    }

    private Call call(String path) {
        return new Call(account, "annotation", path);
    }
}
