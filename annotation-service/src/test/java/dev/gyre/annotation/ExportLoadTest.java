package dev.gyre.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.SampleDocument;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// How long a large export takes and what memory it needs; runs only where `-Dgyre.export.judgements=N` asks for it.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ExportLoadTest {

    private static final int OVERLAP = 3;
    private static final int TEXTS = 20_000;
    private static final long MEBI = 1 << 20;

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ObjectMapper json;

    @Inject
    Jdbi jdbi;

    @Test
    void memoryDoesNotGrowWithTheProject() throws IOException, InterruptedException {
        int judgements = Integer.getInteger("gyre.export.judgements", 0);
        assumeTrue(judgements > 0, "set -Dgyre.export.judgements=1000000");
        var desk = new Desk(broker, artifacts, json);
        var project = desk.project("[{\"name\": \"better\", \"type\": \"PAIRWISE\"}]", OVERLAP);
        fill(project, desk.source(), (judgements + OVERLAP - 1) / OVERLAP);

        for (var query : List.of(
                "format=trl-preference&aggregate=all", "format=trl-preference&aggregate=all&file=parquet")) {
            var measured = measure(project, query);
            System.out.println("EXPORT " + query + " " + measured);
            assertThat(measured.liveMebi()).as(query).isLessThan(256);
        }
    }

    /// @param liveMebi most that was in the heap after a collection
    record Measured(double seconds, long bytes, long rssBeforeMebi, long rssMostMebi, long liveBeforeMebi, long liveMebi) {}

    private static Measured measure(String project, String query) throws IOException, InterruptedException {
        System.gc();
        var live = new AtomicLong();
        var rss = new AtomicLong();
        long liveBefore = live();
        long rssBefore = rss();
        var watcher = Thread.ofPlatform().start(() -> {
            try {
                while (true) {
                    live.accumulateAndGet(live(), Math::max);
                    rss.accumulateAndGet(rss(), Math::max);
                    Thread.sleep(100);
                }
            } catch (InterruptedException done) {
                Thread.currentThread().interrupt();
            }
        });
        long begin = System.nanoTime();
        long bytes = drain(project, query);
        double seconds = (System.nanoTime() - begin) / 1e9;
        watcher.interrupt();
        watcher.join();
        return new Measured(seconds, bytes, rssBefore, rss.get(), liveBefore, live.get());
    }

    private static long drain(String project, String query) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/api/projects/%s/export?%s"
                                    .formatted(RestAssured.port, project, query)))
                            .header("Authorization", "Bearer " + Desk.manager())
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            var buffer = new byte[1 << 16];
            long bytes = 0;
            try (var in = answer.body()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    bytes += read;
                }
            }
            return bytes;
        }
    }

    private static long live() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                        .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                        .sum()
                / MEBI;
    }

    private static long rss() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024;
        } catch (IOException elsewhere) {
            return 0;
        }
    }

    private void fill(String project, String source, int tasks) {
        var texts = IntStream.range(0, TEXTS)
                .boxed()
                .gather(Gatherers.mapConcurrent(16, this::text))
                .toList();
        jdbi.useTransaction(handle -> {
            handle.execute("create temporary table loaded (number int primary key, content jsonb) on commit drop");
            var batch = handle.prepareBatch("insert into loaded values (:number, cast(:content as jsonb))");
            for (int number = 0; number < TEXTS; number++) {
                batch.bind("number", number)
                        .bindByType("content", texts.get(number), ArtifactRef.class)
                        .add();
            }
            batch.execute();
            handle.createUpdate("""
                            insert into sample (id, workspace, source, external_id, slice, content)
                            select 'load-' || n, 'demo', :source, 'n' || n, 'load', loaded.content
                            from generate_series(1, :tasks) n join loaded on loaded.number = n % :texts""")
                    .bind("source", source)
                    .bind("tasks", tasks)
                    .bind("texts", TEXTS)
                    .execute();
            handle.createUpdate("""
                            insert into task (id, workspace, project, sample, state, prompt_sha256, candidates, wanted,
                                              judged, taken, cause)
                            select 'load-' || n, 'demo', :project, 'load-' || n, 'DONE', '', jsonb_build_array(
                                       jsonb_build_object('id', 'A', 'text', loaded.content),
                                       jsonb_build_object('id', 'B', 'text', loaded.content)), :overlap, :overlap, :overlap, ''
                            from generate_series(1, :tasks) n join loaded on loaded.number = n % :texts
                            order by n""")
                    .bind("project", project)
                    .bind("tasks", tasks)
                    .bind("texts", TEXTS)
                    .bind("overlap", OVERLAP)
                    .execute();
            handle.createUpdate("""
                            insert into lease (id, workspace, project, task, annotator, shown_order, state, expires_at)
                            select 'load-' || n || '-' || p, 'demo', :project, 'load-' || n, 'annotator-' || p,
                                   array['A', 'B'], 'USED', now()
                            from generate_series(1, :tasks) n, generate_series(1, :overlap) p""")
                    .bind("project", project)
                    .bind("tasks", tasks)
                    .bind("overlap", OVERLAP)
                    .execute();
            handle.createUpdate("""
                            insert into judgement (id, workspace, project, task, lease, annotator, kind, value, strength)
                            select id, workspace, project, task, id, annotator, 'SIMULATED', 'A', -2
                            from lease where project = :project""")
                    .bind("project", project)
                    .execute();
            handle.createUpdate("""
                            insert into answer (judgement, question, type, value, data)
                            select id, 'better', 'PAIRWISE', 'A', '{"choice": "A", "strength": 2}'
                            from judgement where project = :project""")
                    .bind("project", project)
                    .execute();
        });
        jdbi.useHandle(handle -> handle.execute("analyze"));
    }

    private ArtifactRef text(int number) {
        try {
            var words = "Text %d has some words. ".formatted(number);
            return artifacts.put(
                    "demo",
                    json.writeValueAsBytes(new SampleDocument(
                            words.repeat(10),
                            null,
                            List.of("First: " + words.repeat(15), "Second: " + words.repeat(15)),
                            Map.of())));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
