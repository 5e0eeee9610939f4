package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.annotator.Annotators;
import dev.gyre.annotation.project.Projects;
import dev.gyre.annotation.project.Question;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.SampleDocument;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Judgements over HTTP.
@Path("/api")
class JudgementResource {

    private static final int COMMENT_CHARACTERS = 10_000;
    private static final long DAY_MILLIS = 86_400_000;

    private final JudgementStore judgements;
    private final Projects projects;
    private final Annotators annotators;
    private final ArtifactStore artifacts;
    private final ObjectMapper json;
    private final Caller caller;

    JudgementResource(
            JudgementStore judgements,
            Projects projects,
            Annotators annotators,
            ArtifactStore artifacts,
            ObjectMapper json,
            Caller caller) {
        this.judgements = judgements;
        this.projects = projects;
        this.annotators = annotators;
        this.artifacts = artifacts;
        this.json = json;
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
        var leased = judgements.leased(caller.workspace(), task, given.lease(), annotator);
        var before = JudgementStore.standing(leased.before());
        if (before.isPresent()) {
            return Response.ok(new Receipt(before.get(), task)).build();
        }
        var questions = projects.questions(leased.project(), leased.schemaVersion());
        var answers = Answers.of(
                questions,
                new AnswerReader(leased.candidates(), () -> sample(leased)),
                given.forms(questions.getFirst().name()));
        var extras = extras(questions, answers, given);
        var recorded = leased.story().call(() -> judgements.record(leased, annotator, answers, extras));
        return Response.status(recorded.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(new Receipt(recorded.judgement(), task))
                .build();
    }

    private SampleDocument sample(JudgedTask leased) {
        try {
            return json.readValue(artifacts.read(leased.content()), SampleDocument.class);
        } catch (IOException broken) {
            throw new UncheckedIOException(
                    "the text of task %s is not a sample document".formatted(leased.task()), broken);
        }
    }

    private Extras extras(List<Question> questions, Answers answers, NewJudgement given) {
        long active = Objects.requireNonNullElse(given.activeMillis(), 0L);
        if (active < 0 || active > DAY_MILLIS) {
            throw new IllegalArgumentException("activeMillis is %d, must be 0 to %d".formatted(active, DAY_MILLIS));
        }
        var comment = given.comment() == null ? "" : given.comment().strip();
        if (comment.length() > COMMENT_CHARACTERS) {
            throw new IllegalArgumentException(
                    "comment has %d characters, at most %d".formatted(comment.length(), COMMENT_CHARACTERS));
        }
        var kept = new ArrayList<KeptAnswer>();
        for (var question : questions) {
            var answer = answers.byQuestion().get(question.name());
            if (answer != null) {
                kept.add(kept(question, answer));
            }
        }
        var edit = answers.edit();
        return new Extras(
                text(kept),
                kept.getFirst().text(),
                edit == null ? null : keep(edit.text()),
                saysEverything(answers) ? null : keep(text(all(answers))),
                comment.isEmpty() ? null : keep(comment),
                active);
    }

    private KeptAnswer kept(Question question, Answer answer) {
        return new KeptAnswer(
                question.name(),
                question.kind().type(),
                answer.value(),
                answer instanceof Answer.Rated(var rating) ? rating : null,
                answer.data(),
                answer.hasWords() ? keep(words(answer)) : null);
    }

    private String words(Answer answer) {
        return switch (answer) {
            case Answer.Written(var text) -> text;
            case Answer.Demonstrated(var text) -> text;
            case Answer.Edited(var _, var text) -> text;
            case Answer.Turned(var turns) -> text(turns);
            case Answer.Prefer _,
                    Answer.Tie(),
                    Answer.BothBad(),
                    Answer.Ranked _,
                    Answer.Rated _,
                    Answer.RatedEach _,
                    Answer.Labelled _,
                    Answer.LabelledAll _,
                    Answer.Marked _ -> throw new IllegalStateException("%s has no words".formatted(answer));
        };
    }

    private static SequencedMap<String, Object> all(Answers answers) {
        var all = new LinkedHashMap<String, Object>();
        answers.byQuestion().forEach((question, answer) -> all.put(question, answer.json()));
        return all;
    }

    /// Whether the fact of the first answer leaves nothing to be told.
    private static boolean saysEverything(Answers answers) {
        return answers.byQuestion().size() == 1
                && switch (answers.main()) {
                    case Answer.Prefer _,
                            Answer.Tie(),
                            Answer.BothBad(),
                            Answer.Ranked _,
                            Answer.Labelled _,
                            Answer.Demonstrated _ -> true;
                    case Answer.Rated _,
                            Answer.RatedEach _,
                            Answer.LabelledAll _,
                            Answer.Marked _,
                            Answer.Written _,
                            Answer.Edited _,
                            Answer.Turned _ -> false;
                };
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private ArtifactRef keep(String text) {
        return artifacts.put(caller.workspace(), text);
    }

    /// Withdraws a judgement: annotators their own, managers anybody's.
    @DELETE
    @Path("judgements/{id}")
    @RolesAllowed({Roles.ANNOTATOR, Roles.MANAGER})
    public void withdraw(String id, @QueryParam("reason") @Nullable String reason) {
        judgements.withdraw(
                caller.workspace(),
                id,
                annotators
                        .find(caller.workspace(), caller.subject())
                        .map(Annotator::pseudonym)
                        .orElse(""),
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
