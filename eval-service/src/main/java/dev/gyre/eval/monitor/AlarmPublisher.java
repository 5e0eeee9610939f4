package dev.gyre.eval.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Cause;
import dev.gyre.eval.drift.Instructive;
import dev.gyre.eval.drift.WindowStatistic;
import dev.gyre.eval.drift.Words;
import dev.gyre.eval.drift.Words.Risen;
import dev.gyre.eval.embedding.Embedding;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Drifted;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.SampleDocument;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tells of an alarm, with reasons, examples and what people should look at first.
@ApplicationScoped
class AlarmPublisher {

    private static final int EXAMPLES = 5;
    private static final int NEW_WORDS = 6;

    private final MonitorStore monitors;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;

    AlarmPublisher(MonitorStore monitors, ArtifactStore artifacts, ObjectMapper json) {
        this.monitors = monitors;
        this.artifacts = artifacts;
        this.json = json;
    }

    /// What is to be told.
    ///
    /// @param id of an alarm that goes on, or a new one
    /// @param reference what is usual, for the ranking
    /// @param model the version that answered last
    /// @param cause story of what was seen last
    /// @param drifted interactions that the alarm is about, in order
    /// @param seen interactions of the stream so far
    record Alarm(
            String id,
            StreamName stream,
            int era,
            int window,
            ModelVersion model,
            String cause,
            WindowStatistic strongest,
            List<Interaction> reference,
            List<Interaction> drifted,
            long seen,
            String explanation) {}

    /// Tells of an alarm, or again of one that goes on.
    void open(Alarm alarm) {
        var ranked = Instructive.rank(embeddings(alarm.reference()), embeddings(alarm.drifted()));
        var rows = ranked.stream()
                .map(one -> row(alarm.drifted().get(one.index()), one.score()))
                .toList();
        var stream = alarm.stream();
        var detected = new DriftDetected(
                stream.workspace(),
                stream.text(),
                alarm.id(),
                alarm.model(),
                stream.concern(),
                alarm.strongest().detector(),
                alarm.strongest().statistic(),
                alarm.strongest().value(),
                alarm.strongest().threshold(),
                alarm.seen(),
                alarm.explanation(),
                rows.stream().limit(EXAMPLES).map(Drifted::interaction).toList(),
                rows.isEmpty() ? null : write(stream, rows));
        Cause.decode(alarm.cause()).run(() -> monitors.open(stream, alarm.era(), alarm.window(), detected));
        Log.infof("drift detected model=%s stream=%s drift=%s", detected.model(), stream.text(), detected.drift());
    }

    void clear(StreamName stream, StoredAlarm alarm, int window, String cause, ModelVersion model, String why) {
        Cause.decode(cause).run(() -> monitors.clear(stream, alarm, window, model, why));
        Log.infof("drift cleared model=%s stream=%s drift=%s", model, stream.text(), alarm.id());
    }

    /// The words that became more frequent in what the stream is about.
    List<Risen> newWords(Concern concern, List<Interaction> reference, List<Interaction> drifted) {
        return Words.risen(texts(concern, reference), texts(concern, drifted), NEW_WORDS);
    }

    private List<String> texts(Concern concern, List<Interaction> interactions) {
        return interactions.stream()
                .flatMap(one -> document(one).stream())
                .flatMap(document -> concern == Concern.OUTPUT
                        ? Stream.ofNullable(document.completion())
                        : Stream.of(document.prompt()))
                .toList();
    }

    /// Nothing where the text was deleted meanwhile.
    private Optional<SampleDocument> document(Interaction interaction) {
        try {
            return Optional.of(
                    json.readValue(artifacts.read(interaction.recorded().content()), SampleDocument.class));
        } catch (UncheckedIOException deleted) {
            Log.debugf("a text is missing in an explanation reason=%s", deleted.getMessage());
            return Optional.empty();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private ArtifactRef write(StreamName stream, List<Drifted> rows) {
        var lines = new ArrayList<String>();
        for (var row : rows) {
            try {
                lines.add(json.writeValueAsString(row) + "\n");
            } catch (JsonProcessingException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return artifacts.put(stream.workspace(), String.join("", lines));
    }

    private static Drifted row(Interaction one, double score) {
        var recorded = one.recorded();
        return new Drifted(recorded.interaction(), recorded.slice(), recorded.content(), recorded.subject(), score);
    }

    private static List<Embedding> embeddings(List<Interaction> interactions) {
        return interactions.stream().map(Interaction::embedding).toList();
    }
}
