package dev.gyre.eval.scorecard;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.eval.scorecard.ExaminationStore.Evaluation;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.EvaluationEvent.Score;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.events.ModelVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows examinations: how far they are, what they came to, and every row of them.
@Path("/api/evaluations")
@RolesAllowed({Roles.ENGINEER, Roles.MANAGER, Roles.OPERATOR})
class EvaluationResource {

    private final Caller caller;
    private final ExaminationStore examinations;
    private final ArtifactStore artifacts;

    EvaluationResource(Caller caller, ExaminationStore examinations, ArtifactStore artifacts) {
        this.caller = caller;
        this.examinations = examinations;
        this.artifacts = artifacts;
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
                    evaluation.state().equals("OPEN") ? (evaluation.running() ? "RUNNING" : "WAITING") : evaluation.state(),
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
            throw new NotFoundException("evaluation '%s' has no report: it is not completed, or no row could be read".formatted(id));
        }
        return artifacts.open(completed.report());
    }

    private Evaluation find(String id) {
        return examinations
                .find(caller.workspace(), id)
                .orElseThrow(() -> new NotFoundException("no evaluation '%s'; GET /api/evaluations lists them".formatted(id)));
    }
}
