package dev.gyre.registry.activity;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.gyre.delivery.Cause;
import dev.gyre.events.Annotator;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.CampaignEvent.CampaignClosed;
import dev.gyre.events.CampaignEvent.CampaignOpened;
import dev.gyre.events.CampaignEvent.Outcome;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import dev.gyre.events.DriftEvent.Concern;
import dev.gyre.events.DriftEvent.DriftCleared;
import dev.gyre.events.DriftEvent.DriftDetected;
import dev.gyre.events.DriftEvent.Signal;
import dev.gyre.events.DriftEvent.Statistic;
import dev.gyre.events.DriftEvent.WindowMeasured;
import dev.gyre.events.EvaluationEvent.EvaluationCompleted;
import dev.gyre.events.EvaluationEvent.Verdict;
import dev.gyre.events.Fact;
import dev.gyre.events.JudgementEvent.JudgementWithdrawn;
import dev.gyre.events.JudgementEvent.LabelRecorded;
import dev.gyre.events.ModelEvent.ChampionPromoted;
import dev.gyre.events.ModelEvent.VersionRegistered;
import dev.gyre.events.ModelVersion;
import dev.gyre.events.RecipeSpec;
import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import dev.gyre.events.TrainingEvent.TrainingRequested;
import dev.gyre.events.TrainingEvent.TrainingStarted;
import dev.gyre.platform.testing.LoginTestResource;
import dev.gyre.platform.testing.PostgresTestResource;
import dev.gyre.platform.testing.S3TestResource;
import dev.gyre.platform.testing.TestFacts;
import dev.gyre.platform.testing.TestLogins;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the operators' pages read, from the facts alone.
@QuarkusTest
@WithTestResource(value = PostgresTestResource.class, initArgs = @ResourceArg(name = "schema", value = "registry"))
@WithTestResource(S3TestResource.class)
@WithTestResource(LoginTestResource.class)
class StoryFlowTest {

    private static final String DEMO = "demo";
    private static final ArtifactRef ROWS = new ArtifactRef(URI.create("s3://gyre/demo/rows"), "0".repeat(64), 1);

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector broker;

    /// No two tests share a model or a story.
    private final String model = "model-" + id();
    private final String story = "interaction-" + id();
    private final String campaign = id();
    private final String project = id();
    private final String dataset = id();
    private final String run = id();

    @Test
    void campaignIsToldFromItsAlarmToTheNewChampionUnderOneTraceId() {
        hear(alarm());
        hear(opened("drf-" + model));
        hear(label("t-1", "j-1"));
        hear(label("t-2", "j-2"));
        hear(label("t-3", "j-3"));
        hear(new JudgementWithdrawn(DEMO, "t-3", "j-3", project, "a slip"));

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> campaign()
                .body("judgements", equalTo(2))
                .body("state", equalTo("2 of 84 judgements"))
                .body("stages.state", contains(
                        "DONE", "DONE", "RUNNING", "WAITING", "WAITING", "WAITING", "WAITING", "WAITING", "WAITING")));
        as("operator")
                .get("/api/campaigns")
                .then()
                .statusCode(200)
                .body("items.find { it.campaign == '%s' }.state".formatted(campaign), equalTo("2 of 84 judgements"));

        hear(frozen());
        hear(new CampaignClosed(
                DEMO, campaign, project, model, Outcome.ANSWERED, dataset, 2, "All 2 tasks are answered."));
        hear(requested());
        hear(new TrainingStarted(DEMO, run, "cpu", 1));
        hear(completed());
        // Another model learns from the same rows, to be compared.
        hear(new TrainingRequested(
                DEMO,
                "beside-" + run,
                model + "-beside",
                new ModelVersion(model, 1),
                dataset,
                new RecipeSpec("head", "full", Map.of()),
                7,
                "ada wants to compare.",
                List.of()));
        hear(new VersionRegistered(DEMO, candidate(), run, new ModelVersion(model, 1), dataset, "abc", List.of()));
        hear(new EvaluationCompleted(
                DEMO, "ev-" + run, candidate(), null, run, Verdict.PASS, List.of("better"), List.of(), null));
        hear(new ChampionPromoted(DEMO, candidate(), 1, "ev-" + run));

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> campaign()
                .body("state", equalTo(model + "@2 is champion"))
                .body("run", equalTo(run))
                .body("version", equalTo(model + "@2"))
                .body("trace", equalTo(trace()))
                .body("stages.name", contains(
                        "alarm", "open", "judge", "freeze", "retrain", "train", "register", "examine", "decide"))
                .body("stages.state", everyItem(equalTo("DONE")))
                .body("stages.id", contains(
                        "drf-" + model,
                        campaign,
                        campaign,
                        dataset,
                        run,
                        run,
                        model + "@2",
                        "ev-" + run,
                        model + "@2"))
                .body("stages[0].details", hasItems("What people ask has moved.", "for example int-7, int-8"))
                .body("stages[0].details[1]", containsString("embedding (mmd) 0.03100, threshold 0.01200"))
                .body("stages[4].details", contains("Campaign brought 2 rows.", "40 rows of ds-past again"))
                .body("facts.trace", everyItem(equalTo(trace()))));
        as("operator")
                .get("/api/runs/" + run)
                .then()
                .statusCode(200)
                .body("campaign", equalTo(campaign))
                .body("trace", equalTo(trace()));
        as("operator")
                .get("/api/activity?trace=" + trace())
                .then()
                .statusCode(200)
                .body("items", hasSize(15))
                .body("items.type", hasItems("DriftDetected", "LabelRecorded", "DatasetFrozen", "ChampionPromoted"));
        as("operator").get("/api/activity?trace=nothing").then().statusCode(200).body("items", hasSize(0));
    }

    @Test
    void campaignWithTooFewJudgementsEndsWithoutARun() {
        hear(opened(null));
        hear(new CampaignClosed(
                DEMO, campaign, project, model, Outcome.TOO_FEW, null, 1, "The deadline came with 1 judgement."));

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> campaign()
                .body("state", equalTo("closed: 1 judgements are too few"))
                .body("stages[0].title", equalTo("a person began it"))
                .body("stages[2].state", equalTo("FAILED"))
                .body("stages[2].details", contains("The deadline came with 1 judgement."))
                .body("run", nullValue()));
    }

    @Test
    void strangersSeeNoCampaigns() {
        hear(opened(null));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(this::campaign);

        given().auth()
                .oauth2(TestLogins.token("eve", "other", "operator"))
                .get("/api/campaigns/" + campaign)
                .then()
                .statusCode(404)
                .body("detail", containsString("no campaign '%s' is known here yet".formatted(campaign)));
        given().auth()
                .oauth2(TestLogins.token("eve", "other", "operator"))
                .get("/api/campaigns")
                .then()
                .body("items.campaign", not(hasItem(campaign)));
        as("annotator").get("/api/campaigns/" + campaign).then().statusCode(403);
        as("annotator").get("/api/drift").then().statusCode(403);
    }

    @Test
    void streamIsShownWindowByWindowWithItsThresholdsAndAlarms() {
        hear(window(1, 0.001, Signal.CALM));
        hear(window(2, 0.02, Signal.DRIFT));
        hear(window(3, 0.03, Signal.DRIFT));
        hear(alarm());
        hear(window(4, 0.03, Signal.DRIFT));
        hear(alarm());
        var here = "items.find { it.stream == '%s/input' }.".formatted(model);

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> drift()
                .body(here + "model", equalTo(model))
                .body(here + "windows.number", contains(1, 2, 3, 4))
                .body(here + "windows.verdict", contains("CALM", "DRIFT", "DRIFT", "DRIFT"))
                .body(here + "windows[1].statistics[0].value", equalTo(0.02f))
                .body(here + "windows[1].statistics[0].threshold", equalTo(0.012f))
                .body(here + "alarms", hasSize(1))
                .body(here + "alarms[0].from", equalTo(2))
                .body(here + "alarms[0].to", nullValue()));

        hear(window(5, 0.001, Signal.CALM));
        hear(new DriftCleared(DEMO, model + "/input", "drf-" + model, new ModelVersion(model, 1)));
        hear(window(6, 0.001, Signal.CALM));

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> drift()
                .body(here + "windows", hasSize(6))
                .body(here + "alarms[0].to", equalTo(4)));
    }

    @Test
    void campaignsAndTheirScriptsArePages() {
        as("operator")
                .get("/campaigns/" + campaign)
                .then()
                .statusCode(200)
                .body(containsString("data-campaign=\"%s\"".formatted(campaign)));
        as("annotator").get("/campaigns/" + campaign).then().statusCode(403);
        for (var script : List.of("campaign", "timeline", "drift", "lag", "models", "scorecards")) {
            as("operator").get("/registry/%s.js".formatted(script)).then().statusCode(200);
        }
    }

    private ValidatableResponse campaign() {
        return as("operator").get("/api/campaigns/" + campaign).then().statusCode(200);
    }

    private static ValidatableResponse drift() {
        return as("operator").get("/api/drift").then().statusCode(200);
    }

    /// As every fact says it in its `traceparent`.
    private String trace() {
        return Cause.outside(story).trace();
    }

    private WindowMeasured window(int number, double value, Signal verdict) {
        return new WindowMeasured(
                DEMO,
                model + "/input",
                new ModelVersion(model, 1),
                Concern.INPUT,
                1,
                number,
                verdict,
                List.of(new Statistic("embedding", "mmd", value, 0.012, verdict)));
    }

    private DriftDetected alarm() {
        return new DriftDetected(
                DEMO,
                model + "/input",
                "drf-" + model,
                new ModelVersion(model, 1),
                Concern.INPUT,
                "mmd",
                "embedding",
                0.031,
                0.012,
                450,
                "What people ask has moved.",
                List.of("int-7", "int-8"),
                null);
    }

    private CampaignOpened opened(@Nullable String drift) {
        return new CampaignOpened(
                DEMO, campaign, project, model, drift, 84, 84, "2026-11-23T12:00:00Z", "What people ask has moved.");
    }

    private LabelRecorded label(String task, String judgement) {
        return new LabelRecorded(
                DEMO,
                task,
                judgement,
                project,
                "s-1",
                new Annotator("a-1", Annotator.Kind.HUMAN),
                ROWS,
                "ham",
                null,
                1,
                1,
                0,
                null,
                null);
    }

    private DatasetFrozen frozen() {
        return new DatasetFrozen(
                DEMO,
                dataset,
                project,
                "New world 1",
                Kind.LABEL,
                Purpose.TRAINING,
                new Part(ROWS, 1),
                new Part(ROWS, 1),
                "root",
                ROWS,
                2,
                campaign,
                model,
                List.of());
    }

    private TrainingRequested requested() {
        return new TrainingRequested(
                DEMO,
                run,
                model,
                new ModelVersion(model, 1),
                dataset,
                new RecipeSpec("head", "full", Map.of()),
                7,
                "Campaign brought 2 rows.",
                List.of(new Replay("ds-past", 40)));
    }

    private TrainingCompleted completed() {
        return new TrainingCompleted(
                DEMO,
                run,
                model,
                new ModelVersion(model, 1),
                dataset,
                new RecipeSpec("head", "full", Map.of()),
                7,
                "abc123",
                "cpu",
                42,
                1.5,
                1000,
                Map.of(),
                List.of(new Replay("ds-past", 40)),
                List.of());
    }

    private ModelVersion candidate() {
        return new ModelVersion(model, 2);
    }

    private void hear(Fact fact) {
        broker.source("activity").send(TestFacts.message(fact, id(), story));
    }

    private static RequestSpecification as(String role) {
        return given().auth().oauth2(TestLogins.token("oda", DEMO, role));
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
