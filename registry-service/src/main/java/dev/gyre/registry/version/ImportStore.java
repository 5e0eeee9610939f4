package dev.gyre.registry.version;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Cause;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Models on their way in: files are added one by one, then all become a version at once.
@ApplicationScoped
class ImportStore {

    private final Jdbi jdbi;
    private final ArtifactStore artifacts;
    private final VersionStore versions;

    ImportStore(Jdbi jdbi, ArtifactStore artifacts, VersionStore versions) {
        this.jdbi = jdbi;
        this.artifacts = artifacts;
        this.versions = versions;
    }

    /// @param number the version that came of it, once it is complete
    record Import(
            String id,
            String workspace,
            String name,
            String createdBy,
            Instant createdAt,
            @Nullable Integer number) {}

    @Transactional
    Import begin(String workspace, String name, String by) {
        NamingRule.require(workspace, name);
        var id = UUID.randomUUID().toString();
        jdbi.useHandle(handle -> handle.createUpdate(
                        "insert into import (id, workspace, name, created_by) values (:id, :workspace, :name, :by)")
                .bind("id", id)
                .bind("workspace", workspace)
                .bind("name", name)
                .bind("by", by)
                .execute());
        return find(workspace, id).orElseThrow();
    }

    Optional<Import> find(String workspace, String id) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from import where id = :id and workspace = :workspace")
                        .bind("id", id)
                        .bind("workspace", workspace)
                        .mapTo(Import.class)
                        .findOne());
    }

    List<VersionFile> files(Import work) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select path, content, oid, large from import_file where import = :import order by path collate \"C\"")
                .bind("import", work.id())
                .mapTo(VersionFile.class)
                .list());
    }

    /// Takes one file; the same path again replaces it. Nothing is kept of a file that is refused.
    VersionFile add(Import work, String path, InputStream body) throws IOException {
        FilePolicy.admit(path);
        var spool = Files.createTempFile("gyre-import", ".part");
        try {
            Files.copy(body, spool, StandardCopyOption.REPLACE_EXISTING);
            FilePolicy.inspect(path, spool);
            var file = keep(work.workspace(), path, spool);
            jdbi.useHandle(handle -> handle.createUpdate("""
                            insert into import_file (import, path, content, oid, large) values (:import, :path, :content, :oid, :large)
                            on conflict (import, path) do update set content = excluded.content, oid = excluded.oid, large = excluded.large
                            """)
                    .bind("import", work.id())
                    .bindMethods(file)
                    .execute());
            return file;
        } finally {
            Files.delete(spool);
        }
    }

    private VersionFile keep(String workspace, String path, Path spool) {
        var content = artifacts.put(workspace, spool);
        if (GitObjects.isLarge(path, content.bytes())) {
            return new VersionFile(path, content, GitObjects.pointerOid(content), true);
        }
        try (var bytes = Files.newInputStream(spool)) {
            return new VersionFile(path, content, GitObjects.blobOid(bytes, content.bytes()), false);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the spooled " + path, failure);
        }
    }

    /// Makes the files a version; a second call gives the same version again.
    @Transactional
    Version complete(Import work, @Nullable CardNotes notes) {
        var locked = jdbi.withHandle(handle -> handle.createQuery("select * from import where id = :id for update")
                .bind("id", work.id())
                .mapTo(Import.class)
                .one());
        if (locked.number() != null) {
            return versions.find(work.workspace(), work.name(), locked.number()).orElseThrow();
        }
        var files = files(work);
        requireModel(files);
        var hasCard = files.stream().anyMatch(file -> file.path().equals(ModelCard.PATH));
        var isCardWritten = hasCard && notes != null;
        var draft = new Draft(
                work.workspace(),
                work.name(),
                null,
                work.createdBy(),
                isCardWritten ? files.stream().map(ImportStore::besideTheCard).toList() : files,
                notes == null ? CardNotes.NONE : notes,
                hasCard && !isCardWritten);
        var version = new AtomicReference<Version>();
        Cause.outside(work.id()).run(() -> version.set(versions.register(draft)));
        jdbi.useHandle(handle -> handle.createUpdate("update import set number = :number where id = :id")
                .bind("number", version.get().number())
                .bind("id", work.id())
                .execute());
        return version.get();
    }

    /// A README that came with the model stays, beside the card that is written from the notes.
    private static VersionFile besideTheCard(VersionFile file) {
        return file.path().equals(ModelCard.PATH)
                ? new VersionFile(ModelCard.ORIGINAL, file.content(), file.oid(), file.large())
                : file;
    }

    private static void requireModel(List<VersionFile> files) {
        if (files.stream().noneMatch(file -> file.path().equals("config.json"))) {
            throw new IllegalArgumentException("config.json is missing; put it before completing the import");
        }
        if (files.stream()
                .noneMatch(file -> !file.path().contains("/") && file.path().endsWith(".safetensors"))) {
            throw new IllegalArgumentException(
                    "no .safetensors file at the top of the model; put its weights before completing the import");
        }
    }
}
