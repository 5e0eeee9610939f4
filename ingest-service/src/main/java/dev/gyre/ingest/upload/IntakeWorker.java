package dev.gyre.ingest.upload;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Cause;
import dev.gyre.events.ArtifactRef;
import dev.gyre.ingest.sample.Admission;
import dev.gyre.ingest.sample.Admission.Admitted;
import dev.gyre.ingest.sample.AdmissionRule;
import dev.gyre.ingest.sample.DocumentJson;
import dev.gyre.ingest.sample.Reason;
import dev.gyre.ingest.source.Source;
import dev.gyre.ingest.upload.Outcome.Fit;
import dev.gyre.ingest.upload.Outcome.Refused;
import dev.gyre.ingest.upload.Row.Readable;
import dev.gyre.ingest.upload.Row.Unreadable;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ServiceUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Takes a file in: to disk first, read through once to see that it is what it says, then row by row in batches.
///
/// A text is in the artifact store before the transaction that tells of it, so a kill at any moment leaves whole
/// batches or nothing; sent again, the file finds what it brought before and adds the rest.
@ApplicationScoped
class IntakeWorker {

    private final UploadStore uploads;
    private final ArtifactStore artifacts;
    private final UploadConfig config;

    IntakeWorker(UploadStore uploads, ArtifactStore artifacts, UploadConfig config) {
        this.uploads = uploads;
        this.artifacts = artifacts;
        this.config = config;
    }

    /// @param name what the sender calls the file
    /// @param by who sends it
    UUID take(Source source, Format format, String name, String by, InputStream body) {
        try {
            var file = Files.createTempFile("gyre-upload", ".part");
            try {
                Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
                check(source, format, name, file);
                return take(source, format, name, by, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("upload of %s was cut off; send it again".formatted(name), failure);
        }
    }

    /// Reads the whole file, so that one which breaks in the middle is refused before anything of it is kept.
    private static void check(Source source, Format format, String name, Path file) throws IOException {
        var broken = 0L;
        Unreadable first = null;
        try (var rows = format.open(file, name, source.mapping())) {
            for (var row = rows.next(); row != null; row = rows.next()) {
                switch (row) {
                    case Readable ignored -> {
                        if (format == Format.JSONL) {
                            return;
                        }
                    }
                    case Unreadable unreadable -> {
                        first = broken++ == 0 ? unreadable : first;
                    }
                }
            }
        }
        if (format == Format.JSONL && first != null) {
            throw new WrongFile(
                    name,
                    "is not jsonl: none of its %d lines is a JSON object, %s, and %s"
                            .formatted(broken, first.detail(), FileHead.of(file).shown()),
                    "name its true format with ?format=json, csv, text or parquet");
        }
    }

    private UUID take(Source source, Format format, String name, String by, Path file) throws IOException {
        var upload = UUID.randomUUID();
        uploads.begin(upload, source, name, format, Files.size(file), by);
        Log.infof("upload started upload=%s source=%s format=%s", upload, source.id(), format.word());
        var rule = new AdmissionRule(source.mapping(), source.limits());
        try (var rows = format.open(file, name, source.mapping())) {
            var batch = new ArrayList<Outcome>();
            for (var row = rows.next(); row != null; row = rows.next()) {
                batch.add(outcome(rule, row));
                if (batch.size() == config.batch()) {
                    keep(upload, source, name, batch);
                    batch.clear();
                }
            }
            keep(upload, source, name, batch);
        }
        uploads.finish(upload);
        Log.infof("upload finished upload=%s source=%s", upload, source.id());
        return upload;
    }

    private static Outcome outcome(AdmissionRule rule, Row row) {
        return switch (row) {
            case Unreadable(var number, var reason, var detail) -> new Refused(number, reason, detail);
            case Readable(var number, var columns) ->
                switch (rule.admit(columns)) {
                    case Admission.Refused(Reason reason, String detail) -> new Refused(number, reason, detail);
                    case Admitted admitted -> new Fit(number, admitted, null);
                };
        };
    }

    private void keep(UUID upload, Source source, String name, List<Outcome> batch) {
        var known = uploads.knownTexts(source, UploadStore.fingerprints(batch).toList());
        var stored = store(source.workspace(), batch, known);
        var rows = batch.stream()
                .map(row -> row instanceof Fit fit
                        ? new Fit(
                                fit.row(),
                                fit.admitted(),
                                stored.get(fit.admitted().fingerprint()))
                        : row)
                .toList();
        Cause.outside(upload.toString()).run(() -> uploads.record(upload, source, name, rows));
    }

    /// Writes the texts that the source does not have yet, several at a time.
    private Map<String, ArtifactRef> store(String workspace, List<Outcome> batch, Set<String> known) {
        var writing = new HashMap<String, Future<ArtifactRef>>();
        var seen = new HashSet<>(known);
        try (var writers = Executors.newFixedThreadPool(
                config.writers(), Thread.ofVirtual().name("intake-", 0).factory())) {
            for (var row : batch) {
                if (row instanceof Fit fit && seen.add(fit.admitted().fingerprint())) {
                    var document = fit.admitted().document();
                    writing.put(
                            fit.admitted().fingerprint(),
                            writers.submit(() -> artifacts.put(workspace, DocumentJson.write(document))));
                }
            }
        }
        var stored = new HashMap<String, ArtifactRef>();
        writing.forEach((fingerprint, ref) -> stored.put(fingerprint, written(ref)));
        return stored;
    }

    private static ArtifactRef written(Future<ArtifactRef> ref) {
        try {
            return ref.get();
        } catch (ExecutionException failure) {
            throw new ServiceUnavailableException(
                    "the artifact store does not take texts now (%s); send the file again later, what was kept is not doubled"
                            .formatted(failure.getCause()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while writing texts", stopped);
        }
    }
}
