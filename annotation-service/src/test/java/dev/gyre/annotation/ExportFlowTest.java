package dev.gyre.annotation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.rows.FileKind;
import dev.gyre.annotation.rows.RowReader.Readable;
import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people said, as others read it.
@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class ExportFlowTest {

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    @Inject
    ArtifactStore artifacts;

    @Inject
    ObjectMapper json;

    @Inject
    Jdbi jdbi;

    @TempDir
    Path folder;

    private Desk desk;

    @BeforeEach
    void sitDown() {
        desk = new Desk(broker, artifacts, json);
    }

    @Test
    void pairsAreExportedByMajorityAndOneByOne() throws IOException {
        desk.arrives("greeting", new SampleDocument("How are you?", null, List.of("Fine.", "What?"), Map.of()));
        desk.arrives("torn", new SampleDocument("And now?", null, List.of("Same.", "Hm."), Map.of()));
        var project = desk.project("[{\"name\": \"better\", \"type\": \"PAIRWISE\"}]", 2);
        for (var person : List.of("ann", "bob")) {
            for (var task : desk.next(person, project, 2)) {
                boolean isTorn = task.path("prompt").asText().equals("And now?");
                var choice = isTorn && person.equals("bob") ? "B" : "A";
                desk.judge(person, task, "{\"better\": {\"choice\": \"%s\", \"strength\": 3}}".formatted(choice));
            }
        }

        var majority = rows(project, "format=trl-preference", FileKind.JSONL);
        assertThat(majority).hasSize(1);
        var pair = majority.getFirst();
        assertThat(pair.path("prompt").asText()).isEqualTo("How are you?");
        assertThat(pair.path("chosen").asText()).isEqualTo("Fine.");
        assertThat(pair.path("rejected").asText()).isEqualTo("What?");
        assertThat(pair.path("strength").asInt()).isEqualTo(3);
        assertThat(pair.path("id").asText()).isEqualTo("greeting");
        assertThat(pair.path("annotators").size()).isEqualTo(2);
        assertThat(rows(project, "format=trl-preference&aggregate=all", FileKind.JSONL)).hasSize(4);
        assertThat(rows(project, "format=trl-preference&file=parquet", FileKind.PARQUET))
                .hasToString(majority.toString());
        assertThat(rows(project, "format=trl-preference&conversational=true", FileKind.JSONL)
                        .getFirst()
                        .path("chosen")
                        .toString())
                .isEqualTo("[{\"role\":\"assistant\",\"content\":\"Fine.\"}]");
        assertThat(rows(project, "format=hh", FileKind.JSONL).getFirst().toString())
                .isEqualTo(
                        "{\"chosen\":\"\\n\\nHuman: How are you?\\n\\nAssistant: Fine.\",\"rejected\":\"\\n\\nHuman: How are you?\\n\\nAssistant: What?\"}");
        assertThat(rows(project, "format=alpaca-preference", FileKind.JSON).toString())
                .isEqualTo(
                        "[{\"instruction\":\"How are you?\",\"input\":\"\",\"chosen\":\"Fine.\",\"rejected\":\"What?\",\"system\":\"\",\"history\":[]}]");
        assertThat(rows(project, "format=sharegpt", FileKind.JSON).toString())
                .isEqualTo(
                        "[{\"conversations\":[{\"from\":\"human\",\"value\":\"How are you?\"},{\"from\":\"gpt\",\"value\":\"Fine.\"}],\"system\":\"\"}]");
        assertThat(rows(project, "format=trl-unpaired", FileKind.JSONL))
                .extracting(row -> row.path("completion").asText() + row.path("label"))
                .containsExactly("Fine.true", "What?false");
        assertThat(rows(project, "format=trl-language-modeling", FileKind.JSONL)
                        .getFirst()
                        .path("text")
                        .asText())
                .isEqualTo("How are you?Fine.");
        assertThat(rows(project, "format=csv", FileKind.CSV))
                .extracting(row -> row.path("answers.better").asText())
                .containsExactlyInAnyOrder("A", "");
        assertThat(rows(project, "format=parquet&aggregate=all", FileKind.PARQUET))
                .extracting(row -> row.path("answers.better").asText())
                .containsExactlyInAnyOrder("A3", "A3", "A3", "B3");
    }

    @Test
    void everyAnswerIsExportedToLabelStudioArgillaAndProdigy() throws IOException {
        var project = everything();

        var task = rows(project, "format=label-studio", FileKind.JSON).getFirst();
        assertThat(task.path("data").path("answerC").asText()).isEqualTo("three");
        assertThat(values(task.path("annotations").path(0).path("result")))
                .contains(
                        "order ranker {\"ranker\":{\"1\":[\"B\"],\"2\":[\"A\",\"C\"]}}",
                        "help-B rating {\"rating\":4}",
                        "care rating {\"rating\":5}",
                        "tone choices {\"choices\":[\"rude\"]}",
                        "why textarea {\"text\":[\"It shouts.\"]}",
                        "topics choices {\"choices\":[\"a\",\"c\"]}",
                        "names labels {\"start\":0,\"end\":4,\"text\":\"A🙂nn\",\"labels\":[\"person\"]}",
                        "edit-B textarea {\"text\":[\"two, gladly\"]}",
                        "own textarea {\"text\":[\"Me.\"]}")
                .hasSize(11);
        var record = rows(project, "format=argilla", FileKind.JSON).getFirst();
        assertThat(record.path("responses").path("order").path(0).path("value").toString())
                .isEqualTo(
                        "[{\"value\":\"B\",\"rank\":1},{\"value\":\"A\",\"rank\":2},{\"value\":\"C\",\"rank\":2}]");
        assertThat(record.path("responses").path("help_b").path(0).path("value").asInt())
                .isEqualTo(4);
        var example = rows(project, "format=prodigy", FileKind.JSONL).getFirst();
        assertThat(example.path("spans").toString())
                .isEqualTo("[{\"end\":4,\"label\":\"person\",\"start\":0}]");
        assertThat(example.path("accept").toString()).isEqualTo("[\"5\"]");
        assertThat(rows(project, "format=trl-preference", FileKind.JSONL))
                .extracting(row ->
                        row.path("chosen").path(0).path("content").asText() + ">"
                                + row.path("rejected").path(0).path("content").asText())
                .containsExactlyInAnyOrder("two>one", "two>three", "two, gladly>two", "Hello!>Hey.");
        export(project, "/label-config.xml")
                .body("View.Ranker.@toName", equalTo("answers"))
                .body("View.Rating[0].@maxRating", equalTo("4"));
        export(project, "/losses?format=prodigy").body("prodigy", hasItem(containsString("Rankings")));
        export(project, "/dataset_info.json").body(containsString("\"ranking\":true"));
    }

    @Test
    void whatWasErasedOrIsNotAskedForIsNotExported() throws IOException {
        var content = desk.arrives("gone", new SampleDocument("Who am I?", null, List.of("You.", "Me."), Map.of()));
        desk.arrives("stays", new SampleDocument("And now?", null, List.of("Same.", "Hm."), Map.of()));
        var project = desk.project("[{\"name\": \"better\", \"type\": \"PAIRWISE\"}]", 1);
        for (var task : desk.next("ann", project, 2)) {
            desk.judge("ann", task, "{\"better\": {\"choice\": \"A\"}}");
        }

        artifacts.delete(content);

        assertThat(rows(project, "format=trl-preference", FileKind.JSONL))
                .extracting(row -> row.path("id").asText())
                .containsExactly("stays");
        export(project, "?format=xml").statusCode(400).body("detail", containsString("must be one of"));
        export(project, "?format=gyre&file=csv").statusCode(400).body("detail", containsString("do not fit"));
        export(project, "?format=hh&question=none").statusCode(400);
        given().auth()
                .oauth2(Desk.annotator("ann"))
                .get("/api/projects/" + project + "/export?format=hh")
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(TestLogins.token("eve", "elsewhere", "manager"))
                .get("/api/projects/" + project + "/export?format=hh")
                .then()
                .statusCode(404);
    }

    @Test
    void anExportThatBreaksOffIsNoWholeFile() {
        desk.arrives("long", new SampleDocument("p".repeat(1_000_000), null, List.of("a", "b"), Map.of()));
        var project = desk.project("[{\"name\": \"better\", \"type\": \"PAIRWISE\"}]", 1);
        desk.judge("ann", desk.next("ann", project, 1).get(0), "{\"better\": {\"choice\": \"A\"}}");
        desk.arrives("broken", new SampleDocument("q", null, List.of("c", "d"), Map.of()));
        desk.judge("ann", desk.next("ann", project, 1).get(0), "{\"better\": {\"choice\": \"A\"}}");
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update sample set content = cast(:other as jsonb)
                        where external_id = 'broken' and source = :source""")
                .bindByType("other", artifacts.put("demo", "no document"), ArtifactRef.class)
                .bind("source", desk.source())
                .execute());

        assertThatThrownBy(() -> export(project, "?format=gyre&file=json")
                        .extract()
                        .asString())
                .hasMessageContaining("Premature end");
    }

    private String everything() {
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
        return project;
    }

    private static List<String> values(JsonNode result) {
        var values = new ArrayList<String>();
        result.forEach(region -> values.add("%s %s %s"
                .formatted(
                        region.path("from_name").asText(), region.path("type").asText(), region.path("value"))));
        return values;
    }

    private static ValidatableResponse export(String project, String rest) {
        return given().auth()
                .oauth2(Desk.manager())
                .get("/api/projects/" + project + "/export" + rest)
                .then();
    }

    private List<ObjectNode> rows(String project, String query, FileKind kind) throws IOException {
        var file = Files.write(
                folder.resolve("rows"),
                export(project, "?" + query).statusCode(200).extract().asByteArray());
        var rows = new ArrayList<ObjectNode>();
        try (var reader = kind.read(file)) {
            for (var row = reader.next(); row != null; row = reader.next()) {
                rows.add(((Readable) row).content());
            }
        }
        return rows;
    }
}
