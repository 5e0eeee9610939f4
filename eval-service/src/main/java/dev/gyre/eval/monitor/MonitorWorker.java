package dev.gyre.eval.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.WorkLoop;
import dev.gyre.eval.embedding.Embedding;
import dev.gyre.eval.embedding.HashingEmbedder;
import dev.gyre.eval.embedding.MiniLmEmbedder;
import dev.gyre.eval.embedding.TextEmbedder;
import dev.gyre.eval.monitor.TrafficStore.Reading;
import dev.gyre.eval.monitor.TrafficStore.Unread;
import dev.gyre.eval.work.Backoff;
import dev.gyre.events.SampleDocument;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads production traffic and measures it, a window at a time.
@ApplicationScoped
class MonitorWorker {

    private final MonitorConfig config;
    private final TrafficStore traffic;
    private final MonitorStore monitors;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;
    private final TextEmbedder embedder;
    private final WindowWatch windows;
    private final FeedbackWatch feedback;
    private final WorkLoop loop;

    MonitorWorker(
            MonitorConfig config,
            TrafficStore traffic,
            MonitorStore monitors,
            AlarmPublisher alarms,
            ArtifactStore artifacts,
            ObjectMapper json) {
        this.config = config;
        this.traffic = traffic;
        this.monitors = monitors;
        this.artifacts = artifacts;
        this.json = json;
        this.embedder = switch (config.embedder()) {
            case MINILM -> new MiniLmEmbedder();
            case HASHING -> new HashingEmbedder();
        };
        this.windows = new WindowWatch(traffic, monitors, alarms, new WindowTests(config.permutations()));
        this.feedback = new FeedbackWatch(traffic, monitors, alarms);
        this.loop = new WorkLoop(
                "monitors",
                config.pause(),
                this::step,
                failure -> Log.error("watching production traffic failed", failure));
    }

    void start(@Observes StartupEvent event) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.close();
        embedder.close();
    }

    private boolean step() {
        var isBusy = read();
        for (var stream : monitors.awaiting()) {
            while (!loop.isStopped() && watch(stream)) {
                isBusy = true;
            }
        }
        return isBusy;
    }

    private boolean watch(StreamName name) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var stream = monitors.lock(name);
            if (stream.isEmpty()) {
                return false;
            }
            var settings = monitors.settings(name.workspace(), name.model()).orElseGet(config::settings);
            return switch (name.concern()) {
                case INPUT, OUTPUT -> windows.step(stream.get(), settings);
                case QUALITY -> feedback.step(stream.get(), settings);
            };
        });
    }

    /// Reads the next texts.
    ///
    /// @return false where there were none
    private boolean read() {
        var unread = traffic.unread(config.batch());
        var readable = new ArrayList<Unread>();
        var documents = new ArrayList<SampleDocument>();
        for (var one : unread) {
            document(one).ifPresent(document -> {
                readable.add(one);
                documents.add(document);
            });
        }
        var prompts = documents.stream().map(SampleDocument::prompt).toList();
        var vectors = prompts.isEmpty() ? List.<Embedding>of() : embedder.embed(prompts);
        var readings = new ArrayList<Reading>();
        for (var i = 0; i < readable.size(); i++) {
            var answer = documents.get(i).completion();
            readings.add(new Reading(
                    readable.get(i).position(),
                    embedder.name(),
                    vectors.get(i),
                    Traits.of(prompts.get(i)),
                    Traits.of(answer == null ? "" : answer)));
        }
        if (!readings.isEmpty()) {
            traffic.keep(readings);
        }
        return !unread.isEmpty();
    }

    private Optional<SampleDocument> document(Unread one) {
        try {
            return Optional.of(json.readValue(artifacts.read(one.recorded().content()), SampleDocument.class));
        } catch (JsonProcessingException broken) {
            traffic.passOver(one, "the text is no sample document: " + broken.getOriginalMessage());
        } catch (UncheckedIOException failure) {
            leave(one, String.valueOf(failure.getMessage()));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return Optional.empty();
    }

    /// A text that was deleted is passed over, one that cannot be read now is tried again; an outage is for the loop.
    private void leave(Unread one, String reason) {
        if (artifacts.exists(one.recorded().content()) && one.attempts() + 1 < config.attempts()) {
            traffic.postpone(one, Backoff.after(one.attempts() + 1), reason);
        } else {
            Log.warnf("an interaction is not watched model=%s reason=%s", one.recorded().model(), reason);
            traffic.passOver(one, reason);
        }
    }
}
