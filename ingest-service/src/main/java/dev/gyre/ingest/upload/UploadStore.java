package dev.gyre.ingest.upload;

import dev.gyre.delivery.Outbox;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.events.SampleEvent.SampleRefused;
import dev.gyre.ingest.source.Source;
import dev.gyre.ingest.upload.Outcome.Accepted;
import dev.gyre.ingest.upload.Outcome.Fit;
import dev.gyre.ingest.upload.Outcome.Known;
import dev.gyre.ingest.upload.Outcome.Refused;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Uploads and what came of their rows: each batch is one transaction together with its facts.
@ApplicationScoped
class UploadStore {

    private final Jdbi jdbi;
    private final Outbox outbox;

    UploadStore(Jdbi jdbi, Outbox outbox) {
        this.jdbi = jdbi;
        this.outbox = outbox;
    }

    record Refusal(long row, String reason, String detail) {}

    private record UploadRow(
            UUID id,
            UUID source,
            String name,
            String format,
            long bytes,
            long offered,
            long accepted,
            long refused,
            Instant startedAt,
            @Nullable Instant finishedAt) {}

    Optional<Source> source(String workspace, UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select id, workspace, name, mapping, limits, created_at
                        from source where workspace = :workspace and id = :id""")
                .bind("workspace", workspace)
                .bind("id", id)
                .mapTo(Source.class)
                .findOne());
    }

    void begin(UUID upload, Source source, String name, Format format, long bytes, String by) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into upload (id, workspace, source, name, format, bytes, started_by)
                        values (:id, :workspace, :source, :name, :format, :bytes, :by)""")
                .bind("id", upload)
                .bind("workspace", source.workspace())
                .bind("source", source.id())
                .bind("name", name)
                .bind("format", format.word())
                .bind("bytes", bytes)
                .bind("by", by)
                .execute());
    }

    void finish(UUID upload) {
        jdbi.useHandle(handle -> handle.createUpdate("update upload set finished_at = now() where id = :id")
                .bind("id", upload)
                .execute());
    }

    /// Which of these texts the source has.
    Set<String> knownTexts(Source source, Collection<String> fingerprints) {
        return jdbi.withHandle(handle -> new HashSet<>(handle.createQuery(
                        "select fingerprint from sample where source = :source and fingerprint = any(:fingerprints)")
                .bind("source", source.id())
                .bindArray("fingerprints", String.class, List.copyOf(fingerprints))
                .mapTo(String.class)
                .list()));
    }

    /// Keeps one batch of refused and fit rows, and tells of each.
    void record(UUID upload, Source source, String file, List<Outcome> rows) {
        QuarkusTransaction.requiringNew()
                .timeout(300)
                .run(() -> jdbi.useHandle(handle -> {
                    lock(handle, source);
                    var settled = Outcome.settle(rows, known(handle, source, upload, rows), source.id(), upload, file);
                    var accepted = only(settled, Accepted.class);
                    var refused = only(settled, Refused.class);
                    insertSamples(handle, upload, source, accepted);
                    insertRefusals(handle, upload, refused);
                    count(handle, upload, accepted.size(), refused);
                    accepted.forEach(row -> outbox.tell(fact(source, row)));
                    refused.forEach(row -> outbox.tell(fact(source, upload, row)));
                }));
    }

    private static <O extends Outcome> List<O> only(List<Outcome> outcomes, Class<O> kind) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// Two uploads to one source take turns batch by batch, so that neither misses what the other brings.
    private static void lock(Handle handle, Source source) {
        handle.createQuery("select id from source where id = :id for update")
                .bind("id", source.id())
                .mapTo(UUID.class)
                .one();
    }

    private static List<Known> known(Handle handle, Source source, UUID upload, List<Outcome> rows) {
        var fit = only(rows, Fit.class);
        return handle.createQuery("""
                        select sample.id, external_id, fingerprint, upload.name as file, at_row
                        from sample join upload on upload.id = sample.upload
                        where sample.source = :source and (fingerprint = any(:texts) or external_id = any(:ids))""")
                .bind("source", source.id())
                .bindArray(
                        "texts",
                        String.class,
                        fit.stream().map(row -> row.admitted().fingerprint()).toList())
                .bindArray(
                        "ids",
                        String.class,
                        fit.stream().map(row -> Outcome.externalId(row, upload)).toList())
                .mapTo(Known.class)
                .list();
    }

    private static void insertSamples(Handle handle, UUID upload, Source source, List<Accepted> rows) {
        if (rows.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch("""
                insert into sample (id, workspace, source, upload, at_row, external_id, slice, subject, fingerprint, content)
                values (:id, :workspace, :source, :upload, :row, :externalId, :slice, :subject, :fingerprint, :content)""");
        for (var row : rows) {
            batch.bind("id", row.sample())
                    .bind("workspace", source.workspace())
                    .bind("source", source.id())
                    .bind("upload", upload)
                    .bind("row", row.row())
                    .bind("externalId", row.externalId())
                    .bind("slice", row.admitted().slice())
                    .bind("subject", row.admitted().subject())
                    .bind("fingerprint", row.admitted().fingerprint())
                    .bind("content", row.content())
                    .add();
        }
        batch.execute();
    }

    private static void insertRefusals(Handle handle, UUID upload, List<Refused> rows) {
        if (rows.isEmpty()) {
            return;
        }
        var batch = handle.prepareBatch(
                "insert into refusal (upload, at_row, reason, detail) values (:upload, :row, :reason, :detail)");
        for (var row : rows) {
            batch.bind("upload", upload)
                    .bind("row", row.row())
                    .bind("reason", row.reason().word())
                    .bind("detail", row.detail())
                    .add();
        }
        batch.execute();
    }

    private static void count(Handle handle, UUID upload, int accepted, List<Refused> refused) {
        handle.createUpdate("""
                        update upload set offered = offered + :accepted + :refused,
                                          accepted = accepted + :accepted, refused = refused + :refused
                        where id = :upload""")
                .bind("upload", upload)
                .bind("accepted", accepted)
                .bind("refused", refused.size())
                .execute();
        var reasons = refused.stream().collect(Collectors.groupingBy(Refused::reason, Collectors.counting()));
        reasons.forEach((reason, times) -> handle.createUpdate("""
                        insert into upload_reason (upload, reason, times) values (:upload, :reason, :times)
                        on conflict (upload, reason) do update set times = upload_reason.times + excluded.times""")
                .bind("upload", upload)
                .bind("reason", reason.word())
                .bind("times", times)
                .execute());
    }

    private static SampleAccepted fact(Source source, Accepted row) {
        return new SampleAccepted(
                source.workspace(),
                row.sample().toString(),
                source.id().toString(),
                row.externalId(),
                row.admitted().slice(),
                row.content(),
                row.admitted().subject());
    }

    private static SampleRefused fact(Source source, UUID upload, Refused row) {
        return new SampleRefused(
                source.workspace(),
                Outcome.nameBased("%s:%d".formatted(upload, row.row())).toString(),
                source.id().toString(),
                upload.toString(),
                row.row(),
                row.reason().word(),
                row.detail());
    }

    Optional<Upload> find(String workspace, UUID id) {
        return jdbi.withHandle(handle -> {
            var reasons = new TreeMap<String, Long>();
            handle.createQuery("select reason, times from upload_reason where upload = :id")
                    .bind("id", id)
                    .map((row, context) -> Map.entry(row.getString("reason"), row.getLong("times")))
                    .forEach(entry -> reasons.put(entry.getKey(), entry.getValue()));
            return handle.createQuery("""
                            select id, source, name, format, bytes, offered, accepted, refused, started_at, finished_at
                            from upload where workspace = :workspace and id = :id""")
                    .bind("workspace", workspace)
                    .bind("id", id)
                    .mapTo(UploadRow.class)
                    .findOne()
                    .map(row -> new Upload(
                            row.id(),
                            row.source(),
                            row.name(),
                            row.format(),
                            row.bytes(),
                            row.offered(),
                            row.accepted(),
                            row.refused(),
                            reasons,
                            row.startedAt(),
                            row.finishedAt()));
        });
    }

    /// Refused rows in their order, those after a row.
    List<Refusal> refusals(UUID upload, long after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select at_row as row, reason, detail from refusal
                        where upload = :upload and at_row > :after order by at_row limit :limit""")
                .bind("upload", upload)
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(Refusal.class)
                .list());
    }

    static Stream<String> fingerprints(List<Outcome> rows) {
        return only(rows, Fit.class).stream().map(row -> row.admitted().fingerprint());
    }
}
