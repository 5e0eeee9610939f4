package dev.gyre.annotation.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.annotator.Annotators;
import dev.gyre.annotation.judgement.Decision;
import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.review.AdjudicationStore.Order;
import dev.gyre.annotation.review.ReviewStore.Given;
import dev.gyre.annotation.review.ReviewStore.Kept;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.RequestKey;
import dev.gyre.edge.Roles;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Review of one task over HTTP: everything about it, and deciding it.
@Path("/api")
class ReviewResource {

    private static final int REASON_CHARACTERS = 2000;

    private final ReviewStore reviews;
    private final AdjudicationStore adjudications;
    private final Projects projects;
    private final Annotators annotators;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;
    private final Caller caller;
    private final RequestKey key;

    ReviewResource(
            ReviewStore reviews,
            AdjudicationStore adjudications,
            Projects projects,
            Annotators annotators,
            ArtifactStore artifacts,
            ObjectMapper json,
            Caller caller,
            RequestKey key) {
        this.reviews = reviews;
        this.adjudications = adjudications;
        this.projects = projects;
        this.annotators = annotators;
        this.artifacts = artifacts;
        this.json = json;
        this.caller = caller;
        this.key = key;
    }

    record Shown(String id, int original, String text) {}

    /// An answer with its words.
    record Answered(
            String question,
            String type,
            @Nullable String value,
            Map<String, Object> data,
            @Nullable String text) {}

    /// What one person said.
    record Judged(
            String judgement,
            String annotator,
            String kind,
            @Nullable String value,
            int strength,
            List<Answered> answers,
            @Nullable String comment,
            int schemaVersion,
            long activeMillis,
            Instant givenAt,
            @Nullable Instant withdrawnAt,
            @Nullable String withdrawnReason) {}

    /// Everything about one task.
    record Reviewed(
            String task,
            String project,
            String externalId,
            String state,
            String prompt,
            List<Message> messages,
            String format,
            List<Shown> candidates,
            List<Question> questions,
            int guidelineVersion,
            @Nullable Double agreement,
            double doubt,
            List<Judged> judgements,
            List<Adjudication> adjudications) {}

    @GET
    @Path("tasks/{task}/review")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public Reviewed one(String task) {
        return reviewed(reviews.require(caller.workspace(), task));
    }

    private Reviewed reviewed(ReviewedTask task) {
        var sample = sample(task);
        var project = projects.require(task.workspace(), task.project());
        return new Reviewed(
                task.task(),
                task.project(),
                task.externalId(),
                task.state(),
                sample.prompt(),
                sample.messages(),
                "markdown".equals(sample.metadata().get("format")) ? "markdown" : "text",
                IntStream.range(0, task.candidates().size())
                        .mapToObj(place -> shown(sample, task.candidates().get(place), place))
                        .toList(),
                project.questions(),
                project.guidelineVersion(),
                task.agreement(),
                task.doubt(),
                reviews.given(task.task()).stream().map(this::judged).toList(),
                adjudications.all(task.task()));
    }

    private SampleDocument sample(ReviewedTask task) {
        try {
            return json.readValue(artifacts.read(task.content()), SampleDocument.class);
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "the text of task %s is not a sample document".formatted(task.task()), broken);
        }
    }

    /// Recorded answers stand in the sample; those of a model stand alone.
    private Shown shown(SampleDocument sample, Candidate candidate, int place) {
        return new Shown(
                candidate.id(),
                place,
                candidate.model() == null ? sample.candidates().get(place) : artifacts.readText(candidate.text()));
    }

    private Judged judged(Given given) {
        return new Judged(
                given.judgement(),
                given.annotator(),
                given.kind(),
                given.value(),
                given.strength(),
                given.answers().stream().map(this::answered).toList(),
                words(given.comment()),
                given.schemaVersion(),
                given.activeMillis(),
                given.givenAt(),
                given.withdrawnAt(),
                given.withdrawnReason());
    }

    private Answered answered(Kept kept) {
        return new Answered(kept.question(), kept.type(), kept.value(), kept.data(), words(kept.text()));
    }

    private @Nullable String words(@Nullable ArtifactRef text) {
        return text == null ? null : artifacts.readText(text);
    }

    /// What a reviewer sends: the judgement that is right, or an answer as annotators give it.
    record NewAdjudication(
            @Nullable String judgement,
            @Nullable JsonNode answer,
            @Nullable String reason) {}

    /// Decides a task; the same `Idempotency-Key` again changes nothing.
    @POST
    @Path("tasks/{task}/adjudication")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public Response decide(String task, @Nullable NewAdjudication wanted) {
        var id = key.id();
        var before = adjudications.find(caller.workspace(), id);
        if (before.isPresent()) {
            return Response.ok(before.get()).build();
        }
        var reviewed = reviews.require(caller.workspace(), task);
        var order = order(id, reviewed, wanted);
        reviewed.story().run(() -> adjudications.decide(reviewed, order));
        return Response.created(URI.create("/api/tasks/" + task + "/review"))
                .entity(adjudications.find(caller.workspace(), id).orElseThrow())
                .build();
    }

    private Order order(String id, ReviewedTask task, @Nullable NewAdjudication wanted) {
        if (wanted == null || (wanted.judgement() == null) == (wanted.answer() == null)) {
            throw new IllegalArgumentException("send either judgement, the one that is right, or answer, as an annotator gives it");
        }
        var reason = reason(wanted.reason());
        var question = projects.require(task.workspace(), task.project()).question();
        var answer = wanted.answer() == null
                ? null
                : Decision.of(question, task.candidates(), () -> sample(task), wanted.answer(), json);
        var reviewer = annotators.of(caller.workspace(), caller.subject(), caller.kind());
        return new Order(id, reviewer, wanted.judgement(), answer, reason);
    }

    private static String reason(@Nullable String given) {
        var reason = given == null ? "" : given.strip();
        if (reason.length() > REASON_CHARACTERS) {
            throw new IllegalArgumentException(
                    "reason has %d characters, at most %d".formatted(reason.length(), REASON_CHARACTERS));
        }
        return reason;
    }

    /// Takes the decision back: what people said counts again.
    @DELETE
    @Path("tasks/{task}/adjudication")
    @RolesAllowed({Roles.REVIEWER, Roles.MANAGER})
    public void takeBack(String task, @QueryParam("reason") @Nullable String reason) {
        var reviewed = reviews.require(caller.workspace(), task);
        var why = reason(reason);
        reviewed.story().run(() -> adjudications.takeBack(reviewed, why.isEmpty() ? "taken back" : why));
    }
}
