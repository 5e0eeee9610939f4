package dev.gyre.annotation.task;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.task.PreparationStore.Unprepared;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.artifacts.Digests;
import dev.gyre.delivery.Cause;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;

/// Looks at the text of new samples and makes tasks of them.
@ApplicationScoped
class PreparationWorker {

    private static final int BATCH = 64;
    private static final int AT_ONCE = 8;
    private static final int ATTEMPTS = 8;
    private static final Duration IDLE = Duration.ofMillis(250);
    private static final ObjectReader DOCUMENTS = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(SampleDocument.class);

    private final PreparationStore tasks;
    private final ArtifactStore artifacts;
    private final WorkLoop loop;

    PreparationWorker(PreparationStore tasks, ArtifactStore artifacts) {
        this.tasks = tasks;
        this.artifacts = artifacts;
        this.loop = new WorkLoop(
                "task-preparation", IDLE, this::next, outage -> Log.warnf("new tasks wait reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there may be more to do
    private boolean next() {
        var batch = tasks.claim(BATCH);
        batch.stream().gather(Gatherers.mapConcurrent(AT_ONCE, this::look)).forEach(Runnable::run);
        return batch.size() == BATCH;
    }

    /// Reads and writes artifacts, many at once; what comes of it is written to the database one after the other.
    private Runnable look(Unprepared task) {
        try {
            SampleDocument sample = DOCUMENTS.readValue(artifacts.read(task.content()));
            var prompt = Digests.sha256(sample.prompt().getBytes(StandardCharsets.UTF_8));
            return switch (Preparation.of(task.questions(), task.answering(), sample)) {
                case Preparation.Ready(var texts) -> {
                    var candidates = candidates(task, texts);
                    yield () -> tasks.ready(task.id(), prompt, candidates);
                }
                case Preparation.Ask(var answering) -> () -> ask(task, prompt, answering);
                case Preparation.Skip skip -> () -> tasks.skip(task.id(), skip);
            };
        } catch (IOException | UncheckedIOException failure) {
            return () -> failed(task, failure);
        }
    }

    private List<Candidate> candidates(Unprepared task, List<String> texts) {
        return IntStream.range(0, texts.size())
                .mapToObj(index -> new Candidate(
                        PreparationStore.name(index), null, artifacts.put(task.workspace(), texts.get(index))))
                .toList();
    }

    private void ask(Unprepared task, String prompt, Answering answering) {
        Cause.decode(task.cause()).run(() -> tasks.ask(task, prompt, answering));
    }

    private void failed(Unprepared task, Exception failure) {
        if (task.attempts() < ATTEMPTS) {
            Log.warnf("text of a task cannot be read yet task=%s reason=%s", task.id(), failure.getMessage());
            tasks.retry(task.id(), Duration.ofSeconds(1L << task.attempts()));
        } else {
            tasks.skip(task.id(), new Preparation.Skip("unreadable-text", String.valueOf(failure.getMessage())));
        }
    }
}
