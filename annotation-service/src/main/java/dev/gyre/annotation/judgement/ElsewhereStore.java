package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.project.Project;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.artifacts.Digests;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Takes in judgements that were given elsewhere: each gets a seat of its own and is then recorded like any other.
@ApplicationScoped
class ElsewhereStore implements Judgements {

    private static final URI NOWHERE = URI.create("s3://nowhere");

    private final Jdbi jdbi;
    private final JudgementStore judgements;
    private final AnswerKeeper keeper;
    private final ObjectMapper json;

    ElsewhereStore(Jdbi jdbi, JudgementStore judgements, ArtifactStore artifacts, ObjectMapper json) {
        this.jdbi = jdbi;
        this.judgements = judgements;
        this.keeper = new AnswerKeeper(artifacts, json);
        this.json = json;
    }

    @Override
    public void check(Project project, SampleDocument document, Map<String, JsonNode> answers) {
        Answers.of(project.questions(), new AnswerReader(candidates(document), () -> document), forms(answers));
    }

    private static List<Candidate> candidates(SampleDocument document) {
        return IntStream.range(0, document.candidates().size())
                .mapToObj(at -> {
                    var text = document.candidates().get(at).getBytes(StandardCharsets.UTF_8);
                    return new Candidate(
                            String.valueOf((char) ('A' + at)),
                            null,
                            new ArtifactRef(NOWHERE, Digests.sha256(text), text.length));
                })
                .toList();
    }

    private Map<String, AnswerForm> forms(Map<String, JsonNode> answers) {
        var forms = new LinkedHashMap<String, AnswerForm>();
        answers.forEach((question, answer) -> {
            try {
                forms.put(question, json.treeToValue(answer, AnswerForm.class));
            } catch (JsonProcessingException broken) {
                throw new IllegalArgumentException(
                        "the answer to '%s' does not fit: %s".formatted(question, broken.getOriginalMessage()), broken);
            }
        });
        return forms;
    }

    @Override
    @Transactional(dontRollbackOn = IllegalArgumentException.class)
    public boolean record(Project project, String task, SampleDocument document, Elsewhere given) {
        return jdbi.withHandle(handle -> {
            if (hasJudged(handle, task, given.annotator())) {
                return false;
            }
            var lease = seat(handle, project, task, given.annotator());
            var leased = judgements
                    .leased(project.workspace(), task, lease, given.annotator())
                    .orElseThrow();
            var answers = Answers.of(
                    project.questions(),
                    new AnswerReader(leased.candidates(), () -> document),
                    forms(given.answers()));
            var extras = keeper.extras(
                    project.workspace(), project.questions(), answers, given.activeMillis(), given.comment());
            leased.story().run(() -> judgements.record(leased, given.annotator(), answers, extras));
            return true;
        });
    }

    private static boolean hasJudged(Handle handle, String task, Annotator annotator) {
        return handle.createQuery("""
                        select exists (select 1 from lease where task = :task and annotator = :annotator
                                         and state in ('OPEN', 'USED'))""")
                .bind("task", task)
                .bind("annotator", annotator.pseudonym())
                .mapTo(boolean.class)
                .one();
    }

    private static String seat(Handle handle, Project project, String task, Annotator annotator) {
        int taken = handle.createUpdate("""
                        update task set taken = taken + 1, wanted = greatest(wanted, taken + 1), state = 'READY'
                        where id = :task and project = :project and state in ('READY', 'DONE')""")
                .bind("task", task)
                .bind("project", project.id())
                .execute();
        if (taken == 0) {
            throw new IllegalArgumentException(
                    "the task waits for candidates or was left out, so nothing can be said of it yet");
        }
        var lease = UUID.randomUUID().toString();
        handle.createUpdate("""
                        insert into lease (id, workspace, project, task, annotator, shown_order, schema_version, expires_at)
                        select :lease, workspace, project, id, :annotator,
                               array(select jsonb_array_elements(candidates) ->> 'id'), :schemaVersion, now() + interval '1 hour'
                        from task where id = :task""")
                .bind("lease", lease)
                .bind("annotator", annotator.pseudonym())
                .bind("schemaVersion", project.schemaVersion())
                .bind("task", task)
                .execute();
        return lease;
    }
}
