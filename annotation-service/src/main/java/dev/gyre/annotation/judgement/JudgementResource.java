package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.annotator.Annotators;
import dev.gyre.annotation.judgement.JudgedTask.Given;
import dev.gyre.annotation.probe.Probes;
import dev.gyre.annotation.project.Projects;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.SampleDocument;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Judgements over HTTP.
@Path("/api")
class JudgementResource {

    private final JudgementStore judgements;
    private final Probes probes;
    private final Projects projects;
    private final Annotators annotators;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;
    private final AnswerKeeper keeper;
    private final Caller caller;

    JudgementResource(
            JudgementStore judgements,
            Probes probes,
            Projects projects,
            Annotators annotators,
            ArtifactStore artifacts,
            ObjectMapper json,
            Caller caller) {
        this.judgements = judgements;
        this.probes = probes;
        this.projects = projects;
        this.annotators = annotators;
        this.artifacts = artifacts;
        this.json = json;
        this.keeper = new AnswerKeeper(artifacts, json);
        this.caller = caller;
    }

    record Receipt(String judgement, String task) {}

    /// Takes a judgement; the same lease again gets the same answer.
    @POST
    @Path("tasks/{task}/judgements")
    @RolesAllowed(Roles.ANNOTATOR)
    public Response judge(String task, @Nullable NewJudgement given) {
        if (given == null || given.lease() == null) {
            throw new IllegalArgumentException("lease is missing, must be the one that the task was taken with");
        }
        var annotator = me();
        var found = judgements.leased(caller.workspace(), task, given.lease(), annotator);
        return found.isPresent() ? judge(found.get(), given, annotator) : answer(task, given.lease(), given, annotator);
    }

    private Response judge(JudgedTask leased, NewJudgement given, Annotator annotator) {
        var task = leased.task();
        var before = JudgementStore.standing(leased.before());
        if (before.isPresent()) {
            return Response.ok(new Receipt(before.get(), task)).build();
        }
        var questions = projects.questions(leased.project(), leased.schemaVersion());
        var answers = Answers.of(
                questions,
                new AnswerReader(leased.candidates(), () -> sample(leased.task(), leased.content())),
                given.forms(questions.getFirst().name()));
        var extras = keeper.extras(caller.workspace(), questions, answers, given.activeMillis(), given.comment());
        var recorded = leased.story().call(() -> judgements.record(leased, annotator, answers, extras));
        return Response.status(recorded.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(new Receipt(recorded.judgement(), task))
                .build();
    }

    /// What looks like a task may be a probe, which is answered in the same words and told to nobody.
    private Response answer(String task, String lease, NewJudgement given, Annotator annotator) {
        var probe = probes.find(caller.workspace(), task, lease, annotator)
                .orElseThrow(() -> new NotFoundException(
                        "no lease '%s' of yours on task '%s'; take tasks with POST /api/projects/{id}/tasks/next"
                                .formatted(lease, task)));
        var before = JudgementStore.standing(
                Optional.ofNullable(probe.receipt()).map(receipt -> new Given(receipt, probe.withdrawnAt())));
        if (before.isPresent()) {
            return Response.ok(new Receipt(before.get(), task)).build();
        }
        var questions = projects.questions(probe.project(), probe.schemaVersion());
        var answers = Answers.of(
                questions,
                new AnswerReader(probe.candidates(), () -> sample(task, probe.content())),
                given.forms(questions.getFirst().name()));
        var receipt = probes.answer(probe, answers.main().value(), AnswerKeeper.activeMillis(given.activeMillis()));
        return Response.status(Response.Status.CREATED)
                .entity(new Receipt(receipt, task))
                .build();
    }

    private SampleDocument sample(String task, ArtifactRef content) {
        try {
            return json.readValue(artifacts.read(content), SampleDocument.class);
        } catch (IOException broken) {
            throw new UncheckedIOException("the text of task %s is not a sample document".formatted(task), broken);
        }
    }

    /// Withdraws a judgement: annotators their own, managers anybody's.
    @DELETE
    @Path("judgements/{id}")
    @RolesAllowed({Roles.ANNOTATOR, Roles.MANAGER})
    public void withdraw(String id, @QueryParam("reason") @Nullable String reason) {
        var me = annotators
                .find(caller.workspace(), caller.subject())
                .map(Annotator::pseudonym)
                .orElse("");
        if (probes.withdraw(caller.workspace(), id, me)) {
            return;
        }
        judgements.withdraw(
                caller.workspace(),
                id,
                me,
                caller.has(Roles.MANAGER),
                reason == null || reason.isBlank() ? "withdrawn" : reason.strip());
    }

    /// Every judgement of the project, one JSON object per line.
    @GET
    @Path("projects/{id}/judgements")
    @Produces("application/x-ndjson")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER, Roles.ENGINEER})
    public StreamingOutput all(String id) {
        var project = projects.require(caller.workspace(), id);
        return out -> judgements.each(project.id(), judgement -> write(out, judgement));
    }

    private void write(OutputStream out, JudgementStore.Listed judgement) {
        try {
            out.write(json.writeValueAsBytes(judgement));
            out.write('\n');
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private Annotator me() {
        return annotators.of(caller.workspace(), caller.subject(), caller.kind());
    }
}
