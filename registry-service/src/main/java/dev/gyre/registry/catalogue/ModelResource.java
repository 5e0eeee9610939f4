package dev.gyre.registry.catalogue;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.EvaluationEvent.Score;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.RecipeSpec;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.registry.lineage.DatasetStore;
import dev.gyre.registry.lineage.DatasetStore.Dataset;
import dev.gyre.registry.lineage.LineageStore;
import dev.gyre.registry.lineage.LineageStore.Ancestor;
import dev.gyre.registry.promotion.Examination;
import dev.gyre.registry.promotion.PromotionStore;
import dev.gyre.registry.promotion.PromotionStore.Alias;
import dev.gyre.registry.version.Version;
import dev.gyre.registry.version.VersionFile;
import dev.gyre.registry.version.VersionStore;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows the models of a workspace.
@Path("/api/registry")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({
    Roles.PUBLISHER,
    Roles.ENGINEER,
    Roles.MANAGER,
    Roles.OPERATOR,
    Roles.REVIEWER,
    Roles.ANNOTATOR,
    Roles.SERVICE
})
class ModelResource {

    private final Caller caller;
    private final VersionStore versions;
    private final PromotionStore promotions;
    private final LineageStore lineage;
    private final DatasetStore datasets;
    private final ArtifactStore artifacts;

    ModelResource(
            Caller caller,
            VersionStore versions,
            PromotionStore promotions,
            LineageStore lineage,
            DatasetStore datasets,
            ArtifactStore artifacts) {
        this.caller = caller;
        this.versions = versions;
        this.promotions = promotions;
        this.lineage = lineage;
        this.datasets = datasets;
        this.artifacts = artifacts;
    }

    record Models(String workspace, List<Summary> items) {}

    /// @param champion its number, missing before the first
    record Summary(String name, String repository, @Nullable Integer champion, int versions, int latest) {}

    record Model(
            String name,
            String repository,
            @Nullable Integer champion,
            List<Alias> aliases,
            List<VersionLine> versions) {}

    record VersionLine(
            int version,
            String state,
            Instant since,
            Instant createdAt,
            String commit,
            String digest,
            @Nullable String run,
            @Nullable String base,
            @Nullable String dataset,
            List<String> reasons,
            List<ExaminationLine> evaluations) {}

    /// @param verdict `PASS`, `FAIL`, `INCONCLUSIVE`, `FAILED` where there was no verdict, or `FELL_SHORT` where people
    /// rated it worse than the champion before it
    /// @param champion the version that it was compared with
    /// @param reasons in eval's words
    /// @param objections why it was not promoted, or is not champion any more
    record ExaminationLine(
            String evaluation,
            String verdict,
            @Nullable String champion,
            String outcome,
            List<String> reasons,
            List<String> objections,
            List<Score> scores,
            Instant at) {}

    record FileLine(String path, long bytes, String sha256, String oid) {}

    record RunLine(
            String run,
            RecipeSpec recipe,
            long seed,
            String codeVersion,
            String device,
            int rows,
            double seconds,
            double tokensPerSecond,
            Map<String, Double> metrics,
            List<Replay> replay) {}

    record DatasetLine(
            String dataset,
            String name,
            String kind,
            String purpose,
            String project,
            int train,
            int heldOut,
            int judgements,
            String merkleRoot) {}

    /// @param bases the chain of base versions, nearest first
    /// @param datasets what the version and its bases learned from, nearest first
    record Lineage(
            @Nullable RunLine training, @Nullable String base, List<Ancestor> bases, List<DatasetLine> datasets) {}

    record Detail(
            String name,
            int version,
            String repository,
            String revision,
            String state,
            Instant since,
            String commit,
            String digest,
            String createdBy,
            Instant createdAt,
            List<String> reasons,
            List<String> aliases,
            List<FileLine> files,
            Lineage lineage,
            List<ExaminationLine> evaluations,
            @Nullable ExaminationLine evaluation,
            String card) {}

    @GET
    @Path("models")
    public Models models() {
        var workspace = caller.workspace();
        return new Models(
                workspace,
                versions.names(workspace).stream()
                        .map(name -> summary(workspace, name))
                        .toList());
    }

    @GET
    @Path("models/{name}")
    public Model model(@PathParam("name") String name) {
        var workspace = caller.workspace();
        var all = versions.versions(workspace, name);
        if (all.isEmpty()) {
            throw new NotFoundException("no model '%s'; GET /api/registry/models lists them".formatted(name));
        }
        var examinations = promotions.examinations(workspace, name);
        return new Model(
                name,
                workspace + "/" + name,
                champion(all),
                promotions.aliases(workspace, name),
                all.stream().map(version -> line(version, examinations)).toList());
    }

    @GET
    @Path("models/{name}/versions/{number}")
    public Detail version(@PathParam("name") String name, @PathParam("number") int number) {
        var version = versions.find(caller.workspace(), name, number)
                .orElseThrow(() -> new NotFoundException(
                        "no version %s@%d; GET /api/registry/models/%s lists them".formatted(name, number, name)));
        var files = versions.files(version);
        var examinations = examinations(number, promotions.examinations(version.workspace(), name));
        return new Detail(
                name,
                number,
                version.workspace() + "/" + name,
                "v" + number,
                version.state(),
                version.since(),
                version.commitId(),
                version.digest(),
                version.createdBy(),
                version.createdAt(),
                version.reasons(),
                promotions.aliases(version.workspace(), name).stream()
                        .filter(alias -> alias.number() == number)
                        .map(Alias::alias)
                        .toList(),
                files.stream().map(ModelResource::line).toList(),
                lineage(version),
                examinations,
                examinations.isEmpty() ? null : examinations.getFirst(),
                card(files));
    }

    private Summary summary(String workspace, String name) {
        var all = versions.versions(workspace, name);
        return new Summary(
                name,
                workspace + "/" + name,
                champion(all),
                all.size(),
                all.getFirst().number());
    }

    private static @Nullable Integer champion(List<Version> versions) {
        return versions.stream()
                .filter(version -> version.state().equals("CHAMPION"))
                .map(Version::number)
                .findFirst()
                .orElse(null);
    }

    private static VersionLine line(Version version, List<Examination> examinations) {
        return new VersionLine(
                version.number(),
                version.state(),
                version.since(),
                version.createdAt(),
                version.commitId(),
                version.digest(),
                version.run(),
                text(version.base()),
                version.dataset(),
                version.reasons(),
                examinations(version.number(), examinations));
    }

    private static List<ExaminationLine> examinations(int number, List<Examination> all) {
        return all.stream()
                .filter(examination -> examination.number() == number)
                .map(ModelResource::line)
                .toList();
    }

    private static ExaminationLine line(Examination examination) {
        var fell = examination.fellShort();
        if (fell != null) {
            return new ExaminationLine(
                    examination.id(),
                    "FELL_SHORT",
                    text(fell.predecessor()),
                    examination.outcome(),
                    List.of(fell.reason()),
                    examination.reasons(),
                    List.of(),
                    examination.at());
        }
        var completed = examination.completed();
        if (completed == null) {
            var failure = String.valueOf(examination.failure());
            return new ExaminationLine(
                    examination.id(),
                    "FAILED",
                    null,
                    examination.outcome(),
                    List.of(failure),
                    examination.reasons(),
                    List.of(),
                    examination.at());
        }
        return new ExaminationLine(
                examination.id(),
                completed.verdict().name(),
                text(completed.champion()),
                examination.outcome(),
                completed.reasons(),
                examination.reasons(),
                completed.scores(),
                examination.at());
    }

    private Lineage lineage(Version version) {
        var descent = lineage.descent(version);
        var learnedFrom = descent.stream()
                .flatMap(ancestor -> ancestor.datasets().stream())
                .distinct()
                .flatMap(dataset -> datasets.find(version.workspace(), dataset).stream())
                .map(ModelResource::line)
                .toList();
        var training = version.training();
        var run = training == null
                ? null
                : new RunLine(
                        training.run(),
                        training.recipe(),
                        training.seed(),
                        training.codeVersion(),
                        training.device(),
                        training.rows(),
                        training.seconds(),
                        training.tokensPerSecond(),
                        training.metrics(),
                        training.replay());
        return new Lineage(run, text(version.base()), descent.subList(1, descent.size()), learnedFrom);
    }

    private static DatasetLine line(Dataset dataset) {
        var frozen = dataset.frozen();
        return new DatasetLine(
                dataset.id(),
                frozen.name(),
                frozen.kind().name(),
                frozen.purpose().name(),
                frozen.project(),
                frozen.train().count(),
                frozen.heldOut().count(),
                frozen.judgementCount(),
                frozen.merkleRoot());
    }

    private static FileLine line(VersionFile file) {
        return new FileLine(file.path(), file.content().bytes(), file.content().sha256(), file.oid());
    }

    private String card(List<VersionFile> files) {
        return files.stream()
                .filter(file -> file.path().equals("README.md"))
                .map(file -> artifacts.readText(file.content()))
                .findFirst()
                .orElse("");
    }

    private static @Nullable String text(@Nullable ModelVersion model) {
        return model == null ? null : model.toString();
    }
}
