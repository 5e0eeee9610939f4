package dev.gyre.eval.scorecard;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.scorecard.ExaminationStore.Evaluation;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.EvaluationEvent.Score;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.events.ModelVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/// Shows examinations: how far they are, what they came to, and every row of them.
@Path("/api/evaluations")
@RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
class EvaluationResource {

    private final Caller caller;
    private final ExaminationStore examinations;
    private final ArtifactStore artifacts;
    private final VersionStore versions;

    EvaluationResource(Caller caller, ExaminationStore examinations, ArtifactStore artifacts, VersionStore versions) {
        this.caller = caller;
        this.examinations = examinations;
        this.artifacts = artifacts;
        this.versions = versions;
    }

    /// @param state `WAITING`, `RUNNING`, `COMPLETED` or `FAILED`
    /// @param note what it waits for or what broke last
    /// @param rowsDone rows read so far, counted for each model
    /// @param reasons of the verdict, or why there is none
    record EvaluationView(
            String id,
            ModelVersion model,
            @Nullable ModelVersion champion,
            @Nullable String run,
            String state,
            @Nullable String note,
            int attempts,
            int rowsDone,
            int rowsWanted,
            @Nullable Verdict verdict,
            List<String> reasons,
            List<Score> scores,
            @Nullable ArtifactRef report,
            Instant createdAt,
            @Nullable Instant finishedAt) {

        static EvaluationView of(Evaluation evaluation) {
            var completed = evaluation.completed();
            return new EvaluationView(
                    evaluation.id(),
                    new ModelVersion(evaluation.model(), evaluation.number()),
                    completed == null ? null : completed.champion(),
                    evaluation.run(),
                    evaluation.state().equals("OPEN")
                            ? (evaluation.running() ? "RUNNING" : "WAITING")
                            : evaluation.state(),
                    evaluation.note(),
                    evaluation.attempts(),
                    evaluation.rowsDone(),
                    evaluation.rowsWanted(),
                    completed == null ? null : completed.verdict(),
                    completed == null
                            ? (evaluation.reason() == null ? List.of() : List.of(evaluation.reason()))
                            : completed.reasons(),
                    completed == null ? List.of() : completed.scores(),
                    completed == null ? null : completed.report(),
                    evaluation.createdAt(),
                    evaluation.finishedAt());
        }
    }

    /// @param model `assistant@3`
    record Wish(@Nullable String model) {}

    record Wanted(String id, ModelVersion model) {}

    /// Examines a version again, such as one that waited in vain or was compared with a champion that is none any more.
    @POST
    @RolesAllowed(Roles.ENGINEER)
    @ResponseStatus(202)
    public Wanted again(@Nullable Wish wish) {
        if (wish == null || wish.model() == null) {
            throw new IllegalArgumentException("send a JSON object with 'model', such as assistant@3");
        }
        var version = versions.resolve(caller.workspace(), wish.model())
                .orElseThrow(() -> new NotFoundException(
                        "no model '%s' here; GET /api/models lists the versions".formatted(wish.model())));
        var champion = versions.champion(caller.workspace(), version.model().name());
        if (champion.equals(Optional.of(version))) {
            throw new ClientErrorException(
                    "%s is champion: there is nothing to compare it with; examine a candidate"
                            .formatted(version.model()),
                    Response.Status.CONFLICT);
        }
        return new Wanted(examinations.wantAgain(version.registered()), version.model());
    }

    /// The latest first.
    @GET
    public List<EvaluationView> list(@QueryParam("model") @Nullable String model) {
        return examinations.list(caller.workspace(), model).stream()
                .map(EvaluationView::of)
                .toList();
    }

    @GET
    @Path("{id}")
    public EvaluationView one(String id) {
        return EvaluationView.of(find(id));
    }

    /// Every row with what each model thinks of it.
    @GET
    @Path("{id}/report")
    @Produces("application/x-ndjson")
    public InputStream report(String id) {
        var completed = find(id).completed();
        if (completed == null || completed.report() == null) {
            throw new NotFoundException(
                    "evaluation '%s' has no report: it is not completed, or no row could be read".formatted(id));
        }
        return artifacts.open(completed.report());
    }

    private Evaluation find(String id) {
        return examinations
                .find(caller.workspace(), id)
                .orElseThrow(() ->
                        new NotFoundException("no evaluation '%s'; GET /api/evaluations lists them".formatted(id)));
    }
}
