package dev.gyre.cli.crowd;

import dev.gyre.cli.client.Services;
import dev.gyre.cli.client.Services.Call;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A project of pairs to judge, sent in as a file of rows.
final class Pairs {

    private final Services services;
    private final String staff;

    Pairs(Services services, String staff) {
        this.services = services;
        this.staff = staff;
    }

    /// @param tasks how many pairs
    /// @param overlap how many judgements each gets
    /// @return the project's id, once all of them may be judged
    String project(int tasks, int overlap, Duration patience) throws IOException, InterruptedException {
        var source = services.post(
                        call("ingest", "/api/sources"),
                        Map.of(
                                "name",
                                "crowd",
                                "mapping",
                                Map.of("id", "id", "prompt", "prompt", "candidates", List.of("a", "b"))))
                .path("id")
                .asText();
        var file = Files.createTempFile("gyre-crowd", ".jsonl");
        try {
            write(file, tasks);
            services.send(
                    call("ingest", "/api/sources/%s/uploads?format=jsonl&name=crowd.jsonl".formatted(source)),
                    "POST",
                    file);
        } finally {
            Files.delete(file);
        }
        var project = services.post(
                        call("annotation", "/api/projects"),
                        Map.of(
                                "name",
                                "crowd",
                                "source",
                                source,
                                "answersPerItem",
                                overlap,
                                "question",
                                Map.of("type", "PAIRWISE")))
                .path("id")
                .asText();
        long deadline = System.nanoTime() + patience.toNanos();
        var progress = call("annotation", "/api/projects/%s/progress".formatted(project));
        while (services.get(progress).path("open").asInt() < tasks) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only %d of %d tasks are there after %s"
                        .formatted(services.get(progress).path("open").asInt(), tasks, patience));
            }
            Thread.sleep(1000);
        }
        return project;
    }

    private static void write(Path file, int tasks) throws IOException {
        try (BufferedWriter rows = Files.newBufferedWriter(file)) {
            for (int number = 1; number <= tasks; number++) {
                rows.write(Services.JSON.writeValueAsString(Map.of(
                        "id",
                        "pair-" + number,
                        "prompt",
                        "Caller %d asks for room %d. What does the desk say?".formatted(number, 100 + number),
                        "a",
                        "Room %d is on the second floor, left of the stairs; I can show you the way.".formatted(100 + number),
                        "b",
                        "I do not know room %d.".formatted(100 + number))));
                rows.newLine();
            }
        }
    }

    private Call call(String service, String path) {
        return new Call(staff, service, path);
    }
}
