package dev.gyre.ingest.upload;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.gyre.edge.Caller;
import dev.gyre.edge.Roles;
import dev.gyre.events.SampleEvent.SampleAccepted;
import dev.gyre.events.SampleEvent.SampleRefused;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@WithTestResource(PostgresTestResource.class)
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class UploadFlowTest {

    private static final String ENGINEER = TestLogins.token("eve", "demo", Roles.ENGINEER);
    private static final String ANNOTATOR = TestLogins.token("ann", "demo", Roles.ANNOTATOR);
    private static final String STRANGER = TestLogins.token("sam", "elsewhere", Roles.ENGINEER);
    private static final String PAIRS =
            "{\"id\":\"id\",\"prompt\":\"q\",\"context\":\"more\",\"candidates\":[\"a\",\"b\"],\"slice\":\"topic\"}";
    private static final String PLAIN_PAIRS = "{\"prompt\":\"q\",\"candidates\":[\"a\",\"b\"]}";
    private static final String PROMPTS = "{\"prompt\":\"q\"}";

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector kafka;

    @TempDir
    Path folder;

    @Test
    void jsonLinesBecomeSamplesAndRefusalsAndFacts() {
        var source = source(PAIRS, 100);
        var file = """
                {"id":1,"q":"Why is the sky blue?","a":"Air.","b":"Sea.","topic":"sky"}
                {"id":2,"q":"Shorten","more":"a long text","a":"text","b":"a text"}
                {"id":3,"q":"Really?","a":true,"b":"no"}
                {"id":4,"q":"Half
                {"id":5,"q":"Which?","a":"x"}
                {"id":6,"q":" ","a":"x","b":"y"}
                {"id":7,"q":"Why is the sky blue? ","a":"Air.","b":"Sea."}
                {"id":8,"q":"Long?","a":"%s","b":"y"}
                {"id":1,"q":"Another?","a":"x","b":"y"}
                """.formatted("x".repeat(100));

        var done = upload(source, "pairs.jsonl", file)
                .statusCode(200)
                .body("offered", equalTo(9))
                .body("accepted", equalTo(2))
                .body("refused", equalTo(7))
                .body("reasons.not-text", equalTo(1))
                .body("reasons.broken-json", equalTo(1))
                .body("reasons.missing-column", equalTo(1))
                .body("reasons.empty", equalTo(1))
                .body("reasons.duplicate", equalTo(1))
                .body("reasons.too-long", equalTo(1))
                .body("reasons.id-taken", equalTo(1));
        String upload = done.extract().path("upload");

        as(ENGINEER).get("/api/uploads/" + upload).then().statusCode(200).body("accepted", equalTo(2));
        as(ENGINEER)
                .get("/api/sources/" + source)
                .then()
                .body("counts.refused", equalTo(7), "counts.reasons.duplicate", equalTo(1));
        var refusals = as(ENGINEER)
                .get("/api/uploads/" + upload + "/refusals")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(refusals.lines())
                .hasSize(7)
                .first()
                .asString()
                .isEqualTo(
                        "{\"row\":3,\"reason\":\"not-text\",\"detail\":\"column 'a' is JSON true, must be text; write it in quotes if it is meant\"}");
        assertThat(refusals).contains("says the same as row 1 of pairs.jsonl");

        await().untilAsserted(() -> {
            assertThat(accepted(source)).extracting(SampleAccepted::externalId).containsExactly("1", "2");
            assertThat(accepted(source)).extracting(SampleAccepted::slice).containsExactly("sky", "all");
            assertThat(refused(source)).extracting(SampleRefused::row).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L);
            assertThat(refused(source)).extracting(SampleRefused::upload).containsOnly(upload);
        });
        as(ENGINEER)
                .get("/api/samples/" + accepted(source).getLast().sample())
                .then()
                .statusCode(200)
                .body("externalId", equalTo("2"))
                .body("content.prompt", equalTo("Shorten\na long text"))
                .body("content.candidates", equalTo(List.of("text", "a text")))
                .body("sha256", equalTo(accepted(source).getLast().content().sha256()));
    }

    @Test
    void sameFileAgainIsHarmless() {
        var source = source(PLAIN_PAIRS, 100);
        var file = lines(600);

        upload(source, "x.jsonl", file).body("accepted", equalTo(600), "refused", equalTo(0));
        upload(source, "x.jsonl", file).body("accepted", equalTo(0), "reasons.duplicate", equalTo(600));
        upload(source, "x.jsonl", file + lines(601).lines().skip(600).collect(Collectors.joining()))
                .body("accepted", equalTo(1), "offered", equalTo(601));

        await().untilAsserted(() -> assertThat(accepted(source))
                .extracting(SampleAccepted::sample)
                .hasSize(601)
                .doesNotHaveDuplicates());
    }

    @Test
    void sameFileFromTwoSendersAtOnceIsKeptOnce() throws Exception {
        var source = source(PLAIN_PAIRS, 100);
        Callable<Integer> send = () ->
                upload(source, "x.jsonl", lines(700)).statusCode(200).extract().path("accepted");

        try (var senders = Executors.newFixedThreadPool(2)) {
            var counts = senders.invokeAll(List.of(send, send));
            assertThat(counts.getFirst().get() + counts.getLast().get()).isEqualTo(700);
        }
        as(ENGINEER)
                .get("/api/sources/" + source)
                .then()
                .body("counts.offered", equalTo(1400), "counts.accepted", equalTo(700));
    }

    @Test
    void jsonArraysAndObjectsWithOneAreTakenIn() {
        var source = source(PLAIN_PAIRS, 100);

        upload(source, "x.json", "[{\"q\":\"1\",\"a\":\"x\",\"b\":\"y\"},{\"q\":\"2\",\"a\":\"x\",\"b\":false}]")
                .body("accepted", equalTo(1), "reasons.not-text", equalTo(1));
        upload(source, "x.json", "{\"rows\":[{\"q\":\"3\",\"a\":\"x\",\"b\":\"y\"}]}")
                .body("accepted", equalTo(1));
    }

    @Test
    void jsonThatBreaksInTheMiddleLeavesNothing() {
        var source = source(PLAIN_PAIRS, 100);

        upload(source, "x.json", "[{\"q\":\"1\",\"a\":\"x\",\"b\":\"y\"},\n{\"q\":")
                .statusCode(400)
                .contentType(containsString("problem+json"))
                .body("detail", containsString("x.json is not json: it breaks at line 2"))
                .body("detail", containsString("nothing of it was kept"));

        as(ENGINEER).get("/api/samples?source=" + source).then().body("items", hasSize(0));
        as(ENGINEER).get("/api/sources/" + source).then().body("counts.offered", equalTo(0));
    }

    @Test
    void csvWithBrokenUtf8LosesThatRowOnly() {
        var source = source(PLAIN_PAIRS, 100);
        var csv = "q,a,b\r\n\"one, two\",x,y\r\nb\u00E4d,x,y\r\nthree,\"x\r\ny\",z\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);

        var done = send(source, "x.csv", csv)
                .statusCode(200)
                .body("accepted", equalTo(2), "reasons.broken-utf8", equalTo(1));

        as(ENGINEER)
                .get("/api/uploads/" + done.extract().path("upload") + "/refusals")
                .then()
                .body(containsString("\"row\":2"))
                .body(containsString("column 'q' is not UTF-8 at character 2"));
    }

    @Test
    void csvWithoutAColumnIsRefusedWhole() {
        upload(source(PLAIN_PAIRS, 100), "x.csv", "q,a\n1,2\n")
                .statusCode(400)
                .body(
                        "detail",
                        equalTo(
                                "x.csv lacks the columns [b]; it has [q, a]; add them, or make a source with another mapping; nothing of it was kept"));
    }

    @Test
    void paragraphsOfTextBecomePrompts() {
        upload(source(PROMPTS, 100), "x.txt", "One\nline\n\nTwo\n\nTwo\n")
                .body("accepted", equalTo(2), "reasons.duplicate", equalTo(1));
    }

    @Test
    void parquetIsTakenIn() throws IOException {
        var file = folder.resolve("x.parquet");
        ParquetFiles.write(
                file,
                CompressionCodecName.ZSTD,
                List.of(
                        Map.of("q", "one", "a", "x", "b", "y"),
                        Map.of("q", "two", "a", "x"),
                        Map.of("q", "three", "a", new byte[] {(byte) 0xE4}, "b", "y")));

        send(source(PLAIN_PAIRS, 100), "x.parquet", Files.readAllBytes(file))
                .statusCode(200)
                .body("accepted", equalTo(1), "reasons.not-text", equalTo(1), "reasons.broken-utf8", equalTo(1));
    }

    @Test
    void pictureIsRefusedWhateverItIsCalled() {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0};
        var source = source(PLAIN_PAIRS, 100);

        for (var name : List.of("x.csv", "x.parquet", "x.jsonl", "x.json", "x.txt")) {
            send(source, name, png)
                    .statusCode(400)
                    .body("detail", containsString(name + " is not "))
                    .body("detail", containsString("89 50 4E 47 0D 0A 1A 0A (a PNG image)"));
        }
        upload(source, "x.jsonl", "q,a,b\n1,2,3\n")
                .statusCode(400)
                .body("detail", containsString("none of its 2 lines is a JSON object"));
        upload(source, "x.doc", "hello").statusCode(400).body("detail", containsString("add ?format="));
    }

    /// Curl calls every body a form unless told otherwise.
    @Test
    void bodyMayComeUnderAnyType() throws Exception {
        var source = source(PLAIN_PAIRS, 100);
        var request = HttpRequest.newBuilder(URI.create(
                        "http://localhost:%d/api/sources/%s/uploads?name=x.jsonl".formatted(RestAssured.port, source)))
                .header("Authorization", "Bearer " + ENGINEER)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(lines(3).getBytes(StandardCharsets.UTF_8))))
                .build();

        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.body()).contains("\"accepted\":3");
        }
    }

    @Test
    void nobodyElseComesIn() {
        var source = source(PLAIN_PAIRS, 100);

        given().post("/api/sources").then().statusCode(401);
        given().body("x").post("/api/sources/" + source + "/uploads").then().statusCode(401);
        given().get("/api/samples").then().statusCode(401);
        given().auth()
                .oauth2(TestLogins.token("eve", "demo", "HUMAN", Instant.now().minusSeconds(600), Roles.ENGINEER))
                .get("/api/sources")
                .then()
                .statusCode(401)
                .body("detail", containsString("expired"));
        as(ANNOTATOR)
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/sources")
                .then()
                .statusCode(403);
        as(ANNOTATOR)
                .body("x")
                .post("/api/sources/" + source + "/uploads?name=x.txt")
                .then()
                .statusCode(403);
        as(ANNOTATOR).get("/api/samples").then().statusCode(403);
    }

    @Test
    void otherWorkspacesSeeNothing() {
        var source = source(PLAIN_PAIRS, 100);
        String upload = upload(source, "x.jsonl", lines(1)).extract().path("upload");
        String sample = as(ENGINEER)
                .get("/api/samples?source=" + source)
                .then()
                .extract()
                .path("items[0].id");

        for (var path : List.of(
                "/api/sources/" + source,
                "/api/uploads/" + upload,
                "/api/uploads/" + upload + "/refusals",
                "/api/samples/" + sample)) {
            as(STRANGER).get(path).then().statusCode(404);
        }
        as(STRANGER)
                .body(lines(1))
                .post("/api/sources/" + source + "/uploads?name=x.jsonl")
                .then()
                .statusCode(404);
        as(STRANGER).get("/api/samples?source=" + source).then().body("items", hasSize(0));
        as(STRANGER).get("/api/sources").then().body("findAll { it.id == '" + source + "' }", hasSize(0));
        as(ENGINEER)
                .header(Caller.WORKSPACE_HEADER, "elsewhere")
                .get("/api/sources")
                .then()
                .statusCode(404);
    }

    @Test
    void samplesComePageByPage() {
        var source = source(PLAIN_PAIRS, 100);
        upload(source, "x.jsonl", lines(5));

        var first =
                as(ENGINEER).get("/api/samples?limit=3&source=" + source).then().body("items", hasSize(3));
        as(ENGINEER)
                .get("/api/samples?limit=3&source=" + source + "&after="
                        + first.extract().path("next"))
                .then()
                .body("items", hasSize(2))
                .body("next", nullValue());
        as(ENGINEER).get("/api/samples?limit=0").then().statusCode(400).body("detail", containsString("limit is 0"));
    }

    @Test
    void sourceIsMadeOnceAndSaysWhatIsWrong() {
        var name = UUID.randomUUID();
        var body = "{\"name\":\"%s\",\"mapping\":%s}".formatted(name, PROMPTS);

        String id = make(body).statusCode(201).extract().path("id");
        make(body).statusCode(200).body("id", equalTo(id));
        make("{\"name\":\"%s\",\"mapping\":%s}".formatted(name, PAIRS))
                .statusCode(409)
                .body("detail", containsString("another mapping"));
        make("{\"name\":\"x\"}").statusCode(400).body("detail", containsString("needs a name and a mapping"));
        make("{\"name\":\"x\",\"mapping\":{}}")
                .statusCode(400)
                .body("detail", containsString("mapping.prompt is missing"));
        make("{\"name\":\"x\",\"mapping\":{\"prompt\":\"q\",\"candidate\":[\"a\"]}}")
                .statusCode(400)
                .body("detail", containsString("candidate"));
        make("{\"name\":").statusCode(400).contentType(containsString("problem+json"));
        make("").statusCode(400);
    }

    @Test
    void thousandsOfRowsAreTakenInWithinSeconds() {
        var source = source(PLAIN_PAIRS, 1000);
        var start = System.nanoTime();

        upload(source, "large.jsonl", lines(250).repeat(20))
                .statusCode(200)
                .body("offered", equalTo(5_000), "accepted", equalTo(250), "reasons.duplicate", equalTo(4_750));

        System.out.printf("5000 rows, 250 of them new, in %.1f s%n", (System.nanoTime() - start) / 1e9);
    }

    @Test
    void realPreferencesAndInstructionsAreTakenIn() throws IOException {
        var data = Path.of(System.getProperty("gyre.root", ".."))
                .resolve("../shared/data")
                .normalize();
        Assumptions.assumeTrue(Files.isDirectory(data));
        var pandalm = source(
                "{\"id\":\"idx\",\"prompt\":\"instruction\",\"context\":\"input\",\"candidates\":[\"response1\",\"response2\"],\"slice\":\"motivation_app\"}",
                100_000);
        var rasbt = source("{\"prompt\":\"instruction\",\"context\":\"input\",\"completion\":\"output\"}", 256);

        var pairs = send(
                pandalm, "testset-v1.json", Files.readAllBytes(data.resolve("pref-pandalm-human/testset-v1.json")));
        System.out.println("real preferences " + pairs.extract().asString());
        var instructions = send(
                rasbt, "instruction-data.json", Files.readAllBytes(data.resolve("instr-rasbt/instruction-data.json")));
        System.out.println("real instructions " + instructions.extract().asString());

        pairs.statusCode(200).body("offered", equalTo(999), "reasons.not-text", equalTo(6));
        instructions.statusCode(200).body("offered", equalTo(1100));
    }

    private static String lines(int rows) {
        return IntStream.range(0, rows)
                .mapToObj("{\"q\":\"question %1$d\",\"a\":\"answer %1$d\",\"b\":\"other %1$d\"}\n"::formatted)
                .collect(Collectors.joining());
    }

    private static String source(String mapping, int maxCharacters) {
        return make("{\"name\":\"%s\",\"mapping\":%s,\"limits\":{\"maxCharacters\":%d}}"
                        .formatted(UUID.randomUUID(), mapping, maxCharacters))
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static ValidatableResponse make(String body) {
        return as(ENGINEER)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/sources")
                .then();
    }

    private static ValidatableResponse upload(String source, String name, String text) {
        return send(source, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static ValidatableResponse send(String source, String name, byte[] bytes) {
        return as(ENGINEER)
                .header("Content-Type", "application/octet-stream")
                .body(bytes)
                .post("/api/sources/" + source + "/uploads?name=" + name)
                .then();
    }

    private static RequestSpecification as(String token) {
        return given().auth().oauth2(token);
    }

    private List<SampleAccepted> accepted(String source) {
        return TestFacts.told(facts(), SampleAccepted.class).stream()
                .filter(fact -> fact.source().equals(source))
                .toList();
    }

    private List<SampleRefused> refused(String source) {
        return TestFacts.told(facts(), SampleRefused.class).stream()
                .filter(fact -> fact.source().equals(source))
                .toList();
    }

    private InMemorySink<byte[]> facts() {
        return kafka.sink("facts");
    }
}
