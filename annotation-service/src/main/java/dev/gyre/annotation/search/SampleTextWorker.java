package dev.gyre.annotation.search;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.annotation.search.SampleTextStore.Read;
import dev.gyre.annotation.search.SampleTextStore.Unread;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.events.SampleDocument;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Gatherers;

/// Reads the text of samples once, also of those that were there before anybody could search.
@ApplicationScoped
class SampleTextWorker {

    private static final int BATCH = 64;
    private static final int AT_ONCE = 4;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofHours(1);
    private static final ObjectReader DOCUMENTS = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(SampleDocument.class);

    private final SampleTextStore texts;
    private final ArtifactStore artifacts;
    private final WorkLoop loop;

    SampleTextWorker(SampleTextStore texts, ArtifactStore artifacts) {
        this.texts = texts;
        this.artifacts = artifacts;
        this.loop = new WorkLoop(
                "sample-texts",
                IDLE,
                this::next,
                outage -> Log.warnf("words of samples wait reason=%s", outage.toString()));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
    }

    /// @return whether there may be more to do
    private boolean next() {
        var batch = texts.claim(BATCH);
        if (!batch.isEmpty()) {
            texts.keep(batch.stream()
                    .gather(Gatherers.mapConcurrent(AT_ONCE, this::read))
                    .flatMap(Optional::stream)
                    .toList());
        }
        return batch.size() == BATCH;
    }

    private Optional<Read> read(Unread sample) {
        try {
            SampleDocument document = DOCUMENTS.readValue(artifacts.read(sample.content()));
            return Optional.of(new Read(sample.id(), SampleText.of(document)));
        } catch (IOException | UncheckedIOException failure) {
            Log.debugf("text of a sample cannot be read yet sample=%s reason=%s", sample.id(), failure.getMessage());
            texts.retry(sample.id(), AFTER_FAILURE);
            return Optional.empty();
        }
    }
}
