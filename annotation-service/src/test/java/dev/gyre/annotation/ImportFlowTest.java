package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.rows.FileKind;
import dev.gyre.annotation.rows.RowReader.Readable;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.Annotator;
import dev.gyre.events.JudgementEvent.ConsensusReached;
import dev.gyre.events.JudgementEvent.PreferenceRecorded;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks and judgements from files: looked at, taken in once, and the same when they go out again.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ImportFlowTest {

    private static final String PAIRWISE = "[{\"name\": \"better\", \"type\": \"PAIRWISE\"}]";
    private static final String DEMONSTRATION = "[{\"name\": \"own\", \"type\": \"DEMONSTRATION\"}]";
    private static final String PAIRS = """
            {"prompt": "How are you?", "chosen": "Fine.", "rejected": "What?"}
            {"prompt": "And now?", "chosen": "Same.", "rejected": "Same."}
            no json
            {"prompt": "", "chosen": "a", "rejected": "b"}

            {"prompt": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hey."}, {"role": "user", "content": "bye"}], "chosen": [{"role": "assistant", "content": "Bye!"}], "rejected": [{"role": "assistant", "content": "Who?"}]}
            {"prompt": "How are you?", "chosen": "What?", "rejected": "Fine.", "annotators": ["bob"], "strength": 3}
            """;

    /// What is another's in another project, and says nothing about what was judged.
    private static final Set<String> NAMES = Set.of(
            "task",
            "judgement",
            "annotators",
            "annotator",
            "given_at",
            "givenAt",
            "created_at",
            "email",
            "user_id",
            "_annotator_id",
            "_task_hash",
            "shown_order",
            "shownOrder");

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ObjectMapper json;

    @TempDir
    Path folder;

    private Desk desk;

    @BeforeEach
    void sitDown() {
        desk = new Desk(broker, artifacts, json);
    }

    @Test
    void aFileIsLookedAtAndThenTakenInOnce() {
        var project = desk.project(PAIRWISE, 2);
        var query = "format=trl-preference&judgements=true&kind=LLM&annotator=judge-7";

        take(project, query + "&preview=true", PAIRS)
                .statusCode(200)
                .body("preview", equalTo(true))
                .body("rows", equalTo(6))
                .body("tasks", equalTo(2))
                .body("known", equalTo(1))
                .body("judgements", equalTo(3))
                .body("refused", equalTo(3))
                .body("refusals.row", equalTo(List.of(2, 3, 4)))
                .body("refusals[0].reason", equalTo("chosen and rejected are the same"))
                .body("refusals[1].reason", startsWith("the line is no JSON"))
                .body("refusals[2].reason", equalTo("the row has no text in prompt"))
                .body("examples", hasSize(3))
                .body("examples[1].messages", hasSize(3))
                .body("examples[1].prompt", equalTo("bye"));
        assertThat(progress(project).path("tasks").asInt()).isZero();

        take(project, query, PAIRS)
                .statusCode(200)
                .body("tasks", equalTo(2))
                .body("known", equalTo(1))
                .body("judgements", equalTo(3));
        take(project, query, PAIRS)
                .statusCode(200)
                .body("tasks", equalTo(0))
                .body("known", equalTo(3))
                .body("judgements", equalTo(0));

        var progress = progress(project);
        assertThat(progress.path("tasks").asInt()).isEqualTo(2);
        assertThat(progress.path("done").asInt()).isEqualTo(1);
        assertThat(progress.path("judgements").asInt()).isEqualTo(3);
        assertThat(desk.next("ann", project, 5)).hasSize(1);
        await().untilAsserted(() -> {
            assertThat(TestFacts.told(broker.sink("facts"), PreferenceRecorded.class).stream()
                            .filter(fact -> fact.project().equals(project)))
                    .hasSize(3)
                    .allSatisfy(fact -> assertThat(fact.annotator().kind()).isEqualTo(Annotator.Kind.LLM))
                    .anySatisfy(fact -> assertThat(Math.abs(fact.strength())).isEqualTo(3));
            assertThat(TestFacts.told(broker.sink("facts"), ConsensusReached.class).stream()
                            .filter(fact -> fact.project().equals(project)))
                    .hasSize(1);
        });
    }

    @Test
    void tasksWithoutJudgementsAreForPeople() {
        var project = desk.project(PAIRWISE, 1);

        take(project, "format=trl-preference", PAIRS)
                .statusCode(200)
                .body("tasks", equalTo(2))
                .body("judgements", equalTo(0));

        var tasks = desk.next("ann", project, 5);
        assertThat(tasks).hasSize(2);
        tasks.forEach(task -> desk.judge("ann", task, "{\"better\": {\"choice\": \"A\"}}"));
        assertThat(progress(project).path("done").asInt()).isEqualTo(2);
    }

    @Test
    void whatCannotBeTakenInIsSaid() {
        var project = desk.project(PAIRWISE, 1);

        take(project, "format=xml", "").statusCode(400).body("detail", containsString("must be one of"));
        take(project, "format=hh&judgements=true", "")
                .statusCode(400)
                .body("detail", containsString("kind is missing"));
        take(project, "format=label-studio", "{}")
                .statusCode(400)
                .body("detail", containsString("holds no array"));
        take(project, "format=parquet", "PAR0").statusCode(400).body("detail", containsString("no Parquet"));
        take(project, "format=csv", "prompt,prompt\na,b\n").statusCode(400).body("detail", containsString("twice"));
        take(project, "format=alpaca", "[{\"instruction\": \"p\", \"output\": \"o\"}, {\"instru")
                .statusCode(400)
                .body("detail", containsString("after element 1"));
        take(project, "format=alpaca", "[{\"instruction\": \"p\", \"output\": \"o\"}]")
                .statusCode(200)
                .body("refusals[0].reason", startsWith("no-candidates"));
        take(desk.project(DEMONSTRATION, 1), "format=hh&judgements=true&kind=HUMAN", "")
                .statusCode(400)
                .body("detail", containsString("which pairs do not answer"));
        given().auth()
                .oauth2(Desk.annotator("ann"))
                .body("")
                .post("/api/projects/" + project + "/imports?format=hh")
                .then()
                .statusCode(403);
    }

    @ParameterizedTest
    @CsvSource({
        "trl-preference,jsonl",
        "trl-preference,parquet",
        "trl-preference,csv",
        "label-studio,json",
        "argilla,json",
        "csv,csv",
        "parquet,parquet",
        "gyre,jsonl"
    })
    void pairsAreTheSameAfterARoundTrip(String format, String file) throws IOException {
        desk.arrives("first", new SampleDocument("How are you?", null, List.of("Fine.", "What?"), Map.of()));
        desk.arrives("second", new SampleDocument("A, \"B\"\nor 🙂?", null, List.of("Same.", "Hm."), Map.of()));
        var project = desk.project(PAIRWISE, 2);
        for (var person : List.of("ann", "bob")) {
            for (var task : desk.next(person, project, 2)) {
                var choice = person.equals("bob") ? "B" : "A";
                desk.judge(person, task, "{\"better\": {\"choice\": \"%s\", \"strength\": 2}}".formatted(choice));
            }
        }

        roundTrip(project, PAIRWISE, format, file, 4);
    }

    /// What does not say who said so has room for one judgement of a task.
    @ParameterizedTest
    @ValueSource(strings = {"hh", "alpaca-preference", "sharegpt-preference"})
    void pairsWithoutNamesAreTheSameAfterARoundTrip(String format) throws IOException {
        desk.arrives("first", new SampleDocument("How are you?", null, List.of("Fine.", "What?"), Map.of()));
        desk.arrives(
                "second",
                new SampleDocument(
                        "bye",
                        null,
                        List.of("Bye.", "No."),
                        Map.of(),
                        List.of(
                                new Message("user", "hi"),
                                new Message("assistant", "Hey."),
                                new Message("user", "bye"))));
        var project = desk.project(PAIRWISE, 1);
        for (var task : desk.next("ann", project, 2)) {
            desk.judge("ann", task, "{\"better\": {\"choice\": \"B\"}}");
        }

        roundTrip(project, PAIRWISE, format, file(format), 2);
    }

    @Test
    void examplesOfProdigyAreTheSameAfterARoundTrip() throws IOException {
        desk.arrives("first", new SampleDocument("How are you?", null, List.of("Fine.", "What?"), Map.of()));
        var project = desk.project(PAIRWISE, 3);
        Map.of("ann", "{\"choice\": \"B\"}", "bob", "{\"strength\": 0}", "eve", "{\"bothBad\": true}")
                .forEach((person, said) ->
                        desk.judge(person, desk.next(person, project, 1).get(0), "{\"better\": " + said + "}"));

        roundTrip(project, PAIRWISE, "prodigy", "jsonl", 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"label-studio", "argilla", "csv", "parquet", "gyre"})
    void answersOfEveryTypeAreTheSameAfterARoundTrip(String format) throws IOException {
        desk.arrives(
                "talk",
                new SampleDocument(
                        "A🙂nn: hi",
                        null,
                        List.of("one", "two", "three"),
                        Map.of(),
                        List.of(new Message("user", "hi"), new Message("assistant", "Hey."))));
        var project = desk.project(Desk.EVERY_TYPE, 1);
        desk.judge("ann", desk.next("ann", project, 1).get(0), Desk.EVERY_ANSWER);

        roundTrip(project, Desk.EVERY_TYPE, format, file(format), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trl-prompt-completion", "trl-language-modeling", "alpaca", "sharegpt", "gyre"})
    void demonstrationsAreTheSameAfterARoundTrip(String format) throws IOException {
        desk.arrives(
                "talk",
                new SampleDocument(
                        "bye",
                        null,
                        List.of(),
                        Map.of(),
                        List.of(
                                new Message("system", "Be kind."),
                                new Message("user", "hi"),
                                new Message("assistant", "Hey."),
                                new Message("user", "bye"))));
        var project = desk.project(DEMONSTRATION, 1);
        desk.judge("ann", desk.next("ann", project, 1).get(0), "{\"own\": {\"text\": \"Bye!\\nSee you.\"}}");

        roundTrip(project, DEMONSTRATION, format, file(format), 1);
    }

    /// Out, into another project, out again: the same but for names; and in once more adds nothing.
    private void roundTrip(String project, String questions, String format, String file, int judgements)
            throws IOException {
        var query = "format=%s&file=%s".formatted(format, file);
        var first = export(project, query);
        var copy = new Desk(broker, artifacts, json).project(questions, 1);

        take(copy, query + "&judgements=true&kind=HUMAN", first)
                .statusCode(200)
                .body("refusals", hasSize(0))
                .body("judgements", equalTo(judgements));
        take(copy, query + "&judgements=true&kind=HUMAN", first)
                .statusCode(200)
                .body("tasks", equalTo(0))
                .body("judgements", equalTo(0));

        assertThat(rows(export(copy, query), file)).isEqualTo(rows(first, file)).isNotEmpty();
    }

    private static String file(String format) {
        return switch (format) {
            case "label-studio", "argilla", "alpaca", "alpaca-preference", "sharegpt", "sharegpt-preference" -> "json";
            case "csv", "parquet" -> format;
            default -> "jsonl";
        };
    }

    /// The rows without names, in any order.
    private Set<String> rows(byte[] content, String file) throws IOException {
        var path = Files.write(folder.resolve("rows"), content);
        var rows = new TreeSet<String>();
        try (var reader = FileKind.of(file, FileKind.JSONL).read(path)) {
            for (var row = reader.next(); row != null; row = reader.next()) {
                var nameless = ((Readable) row).content();
                if (nameless.has("fields")) {
                    nameless.remove("id");
                }
                if (nameless.path("judgements").isTextual()
                        || nameless.path("judgements").path(0).isTextual()) {
                    nameless.remove("judgements");
                }
                forget(nameless);
                rows.add(nameless.toString());
            }
        }
        return rows;
    }

    private static void forget(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(NAMES);
        }
        node.forEach(ImportFlowTest::forget);
    }

    private static byte[] export(String project, String query) {
        return given().auth()
                .oauth2(Desk.manager())
                .get("/api/projects/" + project + "/export?aggregate=all&" + query)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private static ValidatableResponse take(String project, String query, String body) {
        return take(project, query, body.getBytes(StandardCharsets.UTF_8));
    }

    private static ValidatableResponse take(String project, String query, byte[] body) {
        return given().auth()
                .oauth2(Desk.manager())
                .contentType("application/octet-stream")
                .body(body)
                .post("/api/projects/" + project + "/imports?" + query)
                .then();
    }

    private JsonNode progress(String project) {
        return desk.parsed(given().auth()
                .oauth2(Desk.manager())
                .get("/api/projects/" + project + "/progress")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }
}
