package dev.gyre.cli.demo;

import dev.gyre.cli.scenario.Scenario;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.cli.client.Books;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReckoningTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theReportHasTheFieldsThatWerePromised() throws Exception {
        var report =
                JSON.valueToTree(reckoning("CHAMPION", "REJECTED", new Books()).report());

        assertThat(names(report))
                .contains(
                        "scenario",
                        "wallSeconds",
                        "stages",
                        "samples",
                        "judgements",
                        "datasets",
                        "trainings",
                        "evaluations",
                        "models",
                        "facts",
                        "lost",
                        "duplicated");
        assertThat(names(report.path("stages").path(0))).contains("name", "seconds");
        assertThat(names(report.path("samples"))).contains("offered", "accepted", "refused");
        assertThat(names(report.path("judgements"))).contains("recorded", "annotators", "krippendorffAlpha");
        assertThat(names(report.path("datasets").path(0))).contains("id", "train", "heldOut", "merkleRoot");
        assertThat(names(report.path("trainings").path(0)))
                .contains("run", "method", "rows", "seconds", "tokensPerSecond");
        assertThat(names(report.path("evaluations").path(0)))
                .contains("model", "suite", "metric", "champion", "candidate", "ci95", "verdict");
        assertThat(report.path("evaluations").path(0).path("ci95").toString()).isEqualTo("[0.1,0.3]");
        assertThat(names(report.path("models").path(0))).contains("name", "version", "sha256", "champion");
        assertThat(report.path("passed").asBoolean()).isTrue();
    }

    @Test
    void aPromotedControlIsNotAsExpected() throws Exception {
        assertThat(reckoning("CHAMPION", "RETIRED", new Books()).unmet())
                .singleElement()
                .asString()
                .contains("shuffled judgements");
    }

    @Test
    void oneWhoseJudgementsAreTurnedRoundMustBeNamedAndNobodyElse() throws Exception {
        var found = flipped("REJECTED", "annotator-7").report();

        assertThat(found.passed()).isTrue();
        assertThat(found.controls()).singleElement().satisfies(control -> {
            assertThat(control.named()).isTrue();
            assertThat(control.promoted()).isFalse();
            assertThat(control.doubts()).containsExactly("annotator-7 says the opposite.");
        });
        assertThat(Summary.of(found, "a poisoned one"))
                .contains(
                        "tiny@2 (learned from judgements, those of ann turned round): not promoted.",
                        "In doubt: annotator-7 says the opposite.");
        assertThat(flipped("REJECTED").unmet()).singleElement().asString().contains("annotator-7 is not the only one");
        assertThat(flipped("REJECTED", "annotator-7", "annotator-8").unmet()).hasSize(1);
        assertThat(flipped("RETIRED", "annotator-7").unmet())
                .singleElement()
                .asString()
                .contains("those of ann turned round and was promoted all the same");
    }

    @Test
    void aTurnThatMustBePromotedAndIsNotIsNotAsExpected() throws Exception {
        assertThat(reckoning("REJECTED", "REJECTED", new Books()).unmet())
                .singleElement()
                .asString()
                .contains("'prefer'", "expected to be promoted", "too few");
    }

    @Test
    void anythingLostIsNotAsExpected() throws Exception {
        var books = new Books();
        books.compare("annotation", List.of("a"), List.of());

        assertThat(reckoning("CHAMPION", "REJECTED", books).unmet())
                .singleElement()
                .asString()
                .contains("lost 1");
    }

    @Test
    void theTableShowsFiguresVerdictsAndAnswers() throws Exception {
        var table = Summary.of(reckoning("CHAMPION", "REJECTED", new Books()).report(), "a small one");

        assertThat(table)
                .contains("0.500 → 0.700", "[+0.100, +0.300]", "0.550", "before", "after", "lost 0, duplicated 0")
                .contains("tiny@2 (learned from shuffled judgements): not promoted.");
        assertThat(table.lines()).allMatch(line -> line.length() == 116);
    }

    @Test
    void oneAlarmIsForgivenWhereNothingChangedAndTwoOrATrainingAreNot() throws Exception {
        var one = new Report.Steady(4200, 200, List.of("The input moved."), 1, 0);
        var two = new Report.Steady(4200, 200, List.of("The input moved.", "It moved again."), 2, 0);
        var trained = new Report.Steady(4200, 200, List.of("The input moved."), 1, 1);

        assertThat(reckoning("CHAMPION", "REJECTED", new Books(), one).unmet()).isEmpty();
        assertThat(reckoning("CHAMPION", "REJECTED", new Books(), two).unmet())
                .singleElement()
                .asString()
                .contains("2 alarms and 0 trainings", "It moved again.");
        assertThat(reckoning("CHAMPION", "REJECTED", new Books(), trained).unmet())
                .hasSize(1);
    }

    @Test
    void recoveryIsTheShareOfTheLossThatCameBackWhicheverWayIsBetter() {
        var nats = recovery("nats-per-character", 0.1, 0.9, 0.3, 0.1, 0.102);
        var accuracy = recovery("accuracy", 0.9, 0.5, 0.8, 0.9, 0.81);

        assertThat(nats.recovered()).isCloseTo(0.75, within(1e-9));
        assertThat(nats.forgotten()).isCloseTo(0.02, within(1e-9));
        assertThat(nats.sentence()).contains("0.900 → 0.300 (75 % of the loss came back)", "0.100 → 0.102 (+2.0 %)");
        assertThat(accuracy.recovered()).isCloseTo(0.75, within(1e-9));
        assertThat(accuracy.forgotten()).isCloseTo(0.1, within(1e-9));
    }

    private static Report.Recovery recovery(
            String metric, double before, double at, double after, double oldBefore, double oldAfter) {
        return new Report.Recovery(
                metric, before, at, after, oldBefore, oldAfter, null, null, new Report.Rated(null, null, null), 1);
    }

    private static Reckoning reckoning(String real, String control, Books books) throws Exception {
        return reckoning(real, control, books, null);
    }

    private static Reckoning reckoning(
            String real, String control, Books books, Report.@Nullable Steady steady) throws Exception {
        var training = new Scenario.Training("dpo", "lora", Map.of(), 1, null);
        var turn = new Scenario.Turn(
                "prefer", "pairs", new Scenario.Split(0.2, 1), training, new Scenario.Control(1L, null), "promoted");
        var judge = new Scenario.Judge("ann", "a", null, null, Map.of(), null, List.of());
        var nothing = JsonNodeFactory.instance.objectNode();
        var project = new Scenario.Project("pairs", nothing, 3, null, List.of(judge));
        var scenario = new Scenario(
                "small",
                "a small one",
                "tiny",
                new Scenario.Accounts("ada", "app"),
                new Scenario.Base("base", Map.of()),
                Map.of("pairs", new Scenario.Source("pairs.jsonl", "jsonl", null, null, null, nothing, null)),
                Map.of("pairs", project),
                List.of(turn),
                null,
                null,
                new Scenario.Answers(List.of(), 8, 0, 0));
        var intake = new Intake("s", "u", new Rows(Map.of()), List.of(), List.of(), Map.of());
        var asked = new Asked("p", "pairs", false, null, project, intake);
        var frozen = new Frozen(
                "d",
                turn,
                false,
                asked,
                json("{'dataset':'d','name':'pairs','purpose':'TRAINING','train':8,'heldOut':2,'merkleRoot':'ab'}"));
        var shuffled = new Frozen(
                "c", turn, true, asked, json("{'dataset':'c','name':'pairs (shuffled)','purpose':'CONTROL'}"));
        var trained = new ArrayList<Trained>();
        trained.add(new Trained(shuffled, run("r1"), "tiny", version(2, control)));
        trained.add(new Trained(frozen, run("r2"), "tiny", version(3, real)));
        var outcome = new Circle.Outcome(
                scenario,
                Map.of("pairs", intake),
                List.of(asked),
                Map.of(),
                Map.of("p", json("{'krippendorffAlpha':0.8}")),
                List.of(shuffled, frozen),
                Map.of(),
                trained,
                null,
                steady,
                List.of(new Report.Answer("prompt", "before", "after")),
                List.of(new Report.Model("tiny", 3, "ff", true, true)),
                Map.of("samples", 10L),
                books);
        return new Reckoning(outcome, List.of(new Report.Stage("start", 1.5, "ready")), 12.3);
    }

    private static Reckoning flipped(String state, String... inDoubt) throws Exception {
        var plain = reckoning("CHAMPION", "REJECTED", new Books()).outcome();
        var real = plain.frozen().getLast();
        var asked = new Asked(
                "q",
                "pairs (ann flipped)",
                true,
                "ann",
                real.from().project(),
                real.from().intake());
        var doubts = Stream.of(inDoubt)
                .map(one -> "{'annotator':'%s','reason':'%s says the opposite.'}".formatted(one, one))
                .collect(Collectors.joining(","));
        var poisoned = new Frozen(
                "c", real.turn(), true, asked, json("{'dataset':'c','doubts':[%s]}".formatted(doubts)));
        var outcome = new Circle.Outcome(
                plain.scenario(),
                plain.intakes(),
                plain.asked(),
                plain.judgings(),
                plain.agreements(),
                List.of(poisoned, real),
                Map.of("ann", "annotator-7"),
                List.of(
                        new Trained(poisoned, run("r1"), "tiny", version(2, state)),
                        plain.trained().getLast()),
                null,
                null,
                plain.answers(),
                plain.models(),
                plain.facts(),
                plain.books());
        return new Reckoning(outcome, List.of(), 12.3);
    }

    private static JsonNode run(String id) throws Exception {
        return json("{'run':'" + id + "','recipe':{'method':'dpo'},'rows':8,'seconds':2.5,'tokensPerSecond':100}");
    }

    private static JsonNode version(int number, String state) throws Exception {
        return json(
                "{'version':" + number + ",'state':'" + state
                        + "','evaluations':[{'verdict':'PASS','reasons':['too few.'],'scores':["
                        + "{'suite':'d','slice':'all','metric':'preference-accuracy','champion':0.5,'candidate':0.7,'difference':0.2,'low':0.1,'high':0.3,'rows':40,'baseline':0.55}]}]}");
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
