package dev.gyre.registry.version;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.delivery.Outbox;
import dev.gyre.events.ModelEvent.VersionRegistered;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// The registered versions.
@ApplicationScoped
public class VersionStore {

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final ArtifactStore artifacts;

    VersionStore(Jdbi jdbi, Outbox outbox, ArtifactStore artifacts) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.artifacts = artifacts;
    }

    /// Gives the draft the next number of its name and tells it; needs a running transaction.
    @Transactional(Transactional.TxType.MANDATORY)
    Version register(Draft draft) {
        var number = nextNumber(draft);
        var files = new Manifest(withCard(draft, number)).files();
        var digest = new Manifest(files).digest();
        insert(draft, number, digest);
        files.forEach(file -> insert(draft, number, file));
        var version = find(draft.workspace(), draft.name(), number).orElseThrow();
        outbox.tell(new VersionRegistered(
                draft.workspace(),
                version.model(),
                version.run(),
                version.base(),
                version.dataset(),
                digest,
                files.stream().map(VersionFile::fact).toList()));
        return version;
    }

    public Optional<Version> find(String workspace, String name, int number) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from model_version where workspace = :workspace and name = :name and number = :number")
                .bind("workspace", workspace)
                .bind("name", name)
                .bind("number", number)
                .mapTo(Version.class)
                .findOne());
    }

    public Optional<Version> champion(String workspace, String name) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from model_version where workspace = :workspace and name = :name and state = 'CHAMPION'")
                .bind("workspace", workspace)
                .bind("name", name)
                .mapTo(Version.class)
                .findOne());
    }

    /// The version with these bytes; the oldest, where several have them.
    public Optional<Version> byCommit(String workspace, String name, String commit) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select * from model_version
                        where workspace = :workspace and name = :name and commit_id = :commit order by number limit 1
                        """)
                .bind("workspace", workspace)
                .bind("name", name)
                .bind("commit", commit)
                .mapTo(Version.class)
                .findOne());
    }

    public Optional<Version> byRun(String workspace, String run) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from model_version where workspace = :workspace and run = :run")
                        .bind("workspace", workspace)
                        .bind("run", run)
                        .mapTo(Version.class)
                        .findOne());
    }

    /// Newest first.
    public List<Version> versions(String workspace, String name) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from model_version where workspace = :workspace and name = :name order by number desc")
                .bind("workspace", workspace)
                .bind("name", name)
                .mapTo(Version.class)
                .list());
    }

    public List<String> names(String workspace) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select name from model where workspace = :workspace order by name")
                        .bind("workspace", workspace)
                        .mapTo(String.class)
                        .list());
    }

    /// The files of a version, sorted by path.
    public List<VersionFile> files(Version version) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select path, content, oid, large from version_file
                        where workspace = :workspace and name = :name and number = :number order by path collate "C"
                        """)
                .bind("workspace", version.workspace())
                .bind("name", version.name())
                .bind("number", version.number())
                .mapTo(VersionFile.class)
                .list());
    }

    public Optional<VersionFile> file(Version version, String path) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select path, content, oid, large from version_file
                        where workspace = :workspace and name = :name and number = :number and path = :path
                        """)
                .bind("workspace", version.workspace())
                .bind("name", version.name())
                .bind("number", version.number())
                .bind("path", path)
                .mapTo(VersionFile.class)
                .findOne());
    }

    private int nextNumber(Draft draft) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        insert into model (workspace, name, versions) values (:workspace, :name, 1)
                        on conflict (workspace, name) do update set versions = model.versions + 1 returning versions
                        """)
                .bind("workspace", draft.workspace())
                .bind("name", draft.name())
                .mapTo(int.class)
                .one());
    }

    private List<VersionFile> withCard(Draft draft, int number) {
        if (draft.ownCard()) {
            return draft.files();
        }
        var card = ModelCard.write(draft, purpose(draft.files()), number).getBytes(StandardCharsets.UTF_8);
        var files = new ArrayList<>(draft.files());
        files.removeIf(file -> file.path().equals(ModelCard.PATH));
        files.add(new VersionFile(
                ModelCard.PATH, artifacts.put(draft.workspace(), card), GitObjects.blobOid(card), false));
        return files;
    }

    /// What a version is for, in the Hub's word.
    public String pipeline(Version version) {
        return purpose(file(version, "config.json").stream().toList()).pipeline();
    }

    private Purpose purpose(List<VersionFile> files) {
        return files.stream()
                .filter(file -> file.path().equals("config.json"))
                .findFirst()
                .map(file -> Purpose.of(artifacts.readText(file.content())))
                .orElse(Purpose.UNKNOWN);
    }

    private void insert(Draft draft, int number, String digest) {
        var training = draft.training();
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into model_version (workspace, name, number, commit_id, digest, run, base_name, base_number, dataset, training, created_by)
                        values (:workspace, :name, :number, :commit, :digest, :run, :baseName, :baseNumber, :dataset, :training, :createdBy)
                        """)
                .bind("workspace", draft.workspace())
                .bind("name", draft.name())
                .bind("number", number)
                .bind("commit", Manifest.commitId(digest))
                .bind("digest", digest)
                .bind("run", training == null ? null : training.run())
                .bind("baseName", training == null ? null : training.base().name())
                .bind("baseNumber", training == null ? null : training.base().number())
                .bind("dataset", training == null ? null : training.dataset())
                .bind("training", training)
                .bind("createdBy", draft.createdBy())
                .execute());
    }

    private void insert(Draft draft, int number, VersionFile file) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into version_file (workspace, name, number, path, content, oid, large)
                        values (:workspace, :name, :number, :path, :content, :oid, :large)
                        """)
                .bind("workspace", draft.workspace())
                .bind("name", draft.name())
                .bind("number", number)
                .bindMethods(file)
                .execute());
    }
}
