package dev.gyre.annotation.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.annotation.dataset.JudgedItem.Voice;
import dev.gyre.annotation.dataset.PlannedRow.Preference;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.DatasetEvent.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreezePlanTest {

    private static final Question PAIRWISE = Question.alone(new QuestionKind.Pairwise());

    @Test
    void majorityMakesTheRowAndAllItsJudgementsStandBehindIt() {
        var plan = FreezePlan.of(Kind.PREFERENCE, PAIRWISE, new HeldOutSplit(0, 0), List.of(pair("t", "p", "B+3", "A-1", "B+2")));

        assertThat(plan.train()).singleElement().isInstanceOfSatisfying(Preference.class, row -> {
            assertThat(row.chosen().id()).isEqualTo("B");
            assertThat(row.rejected().id()).isEqualTo("A");
            assertThat(row.strength()).isEqualTo(3);
        });
        assertThat(plan.judgements()).containsExactly("t-0", "t-1", "t-2");
    }

    @Test
    void tasksWithoutAWinnerAreSkippedWithTheReason() {
        var plan = FreezePlan.of(
                Kind.PREFERENCE,
                PAIRWISE,
                new HeldOutSplit(0, 0),
                List.of(
                        pair("a", "p", "tie+0"),
                        pair("b", "p", "bad+0", "bad+0", "A-1"),
                        pair("c", "p", "A-1", "B+1"),
                        pair("d", "p", "A-2")));

        assertThat(plan.skipped()).isEqualTo(Map.of("tie", 1, "both-bad", 1, "no-majority", 1));
        assertThat(plan.judgements()).containsExactly("d-0");
    }

    @Test
    void allRowsOfAPromptStandOnOneSide() {
        var items = IntStream.range(0, 200)
                .mapToObj(number -> pair("t" + number, "p" + number % 40, "A-1"))
                .toList();

        var plan = FreezePlan.of(Kind.PREFERENCE, PAIRWISE, new HeldOutSplit(7, 0.25), items);

        assertThat(prompts(plan.train())).doesNotContainAnyElementsOf(prompts(plan.heldOut()));
        assertThat(plan.train().size() + plan.heldOut().size()).isEqualTo(200);
        assertThat(plan.heldOut()).isNotEmpty();
    }

    @Test
    void sameJudgementsGiveTheSamePlanAndAnotherSeedAnother() {
        var items = IntStream.range(0, 50)
                .mapToObj(number -> pair("t" + number, "p" + number, "A-1"))
                .toList();

        var plan = FreezePlan.of(Kind.PREFERENCE, PAIRWISE, new HeldOutSplit(7, 0.2), items);

        assertThat(FreezePlan.of(Kind.PREFERENCE, PAIRWISE, new HeldOutSplit(7, 0.2), items)).isEqualTo(plan);
        assertThat(FreezePlan.of(Kind.PREFERENCE, PAIRWISE, new HeldOutSplit(8, 0.2), items)).isNotEqualTo(plan);
    }

    @Test
    void everyDemonstrationIsARow() {
        var text = new ArtifactRef(URI.create("s3://b/x"), "x", 1);
        var item = new JudgedItem(
                "t",
                "p",
                "all",
                text,
                List.of(),
                List.of(new Voice("one", null, 0, text), new Voice("two", null, 0, text)));

        var plan = FreezePlan.of(Kind.SUPERVISED, Question.alone(new QuestionKind.Demonstration()), new HeldOutSplit(0, 0), List.of(item));

        assertThat(plan.train()).hasSize(2);
        assertThat(plan.judgements()).containsExactly("one", "two");
    }

    @Test
    void labelIsTheMajorityAndADrawIsSkipped() {
        var text = new ArtifactRef(URI.create("s3://b/x"), "x", 1);
        var spam = new JudgedItem("t", "p", "all", text, List.of(), voices("spam", "ham", "spam"));
        var drawn = new JudgedItem("u", "q", "all", text, List.of(), voices("ham", "spam"));

        var plan = FreezePlan.of(
                Kind.LABEL, Question.alone(new QuestionKind.Label(List.of("ham", "spam"))), new HeldOutSplit(0, 0), List.of(spam, drawn));

        assertThat(plan.train()).containsExactly(new PlannedRow.Labelled(spam, "spam"));
        assertThat(plan.skipped()).isEqualTo(Map.of("no-majority", 1));
        assertThat(plan.judgements()).containsExactly("0", "1", "2");
    }

    @Test
    void whatAReviewerDecidedTakesThePlaceOfTheMajorityAndKeepsEverybodysJudgement() {
        var text = new ArtifactRef(URI.create("s3://b/x"), "x", 1);
        var decided = new JudgedItem(
                "t",
                "p",
                "all",
                text,
                List.of(),
                voices("spam", "ham", "spam"),
                Optional.of(new JudgedItem.Ruling("adj", new Voice("adj", "ham", 0, null))));

        var plan = FreezePlan.of(
                Kind.LABEL, Question.alone(new QuestionKind.Label(List.of("ham", "spam"))), new HeldOutSplit(0, 0), List.of(decided));

        assertThat(plan.train()).containsExactly(new PlannedRow.Labelled(decided, "ham"));
        assertThat(plan.judgements()).containsExactly("0", "1", "2");
        assertThat(plan.adjudications()).containsExactly("adj");
    }

    /// What the others wrote gives no row any more.
    @Test
    void judgementThatAReviewerNamedIsTheOnlyOneThatWritesRows() {
        var text = new ArtifactRef(URI.create("s3://b/x"), "x", 1);
        var right = new Voice("two", null, 0, text);
        var decided = new JudgedItem(
                "t",
                "p",
                "all",
                text,
                List.of(),
                List.of(new Voice("one", null, 0, text), right),
                Optional.of(new JudgedItem.Ruling("adj", right)));

        var plan = FreezePlan.of(
                Kind.SUPERVISED,
                Question.alone(new QuestionKind.Demonstration()),
                new HeldOutSplit(0, 0),
                List.of(decided));

        assertThat(plan.train()).containsExactly(new PlannedRow.Supervised(decided, right, text));
        assertThat(plan.judgements()).containsExactly("two");
        assertThat(plan.adjudications()).containsExactly("adj");
    }

    private static List<Voice> voices(String... labels) {
        return IntStream.range(0, labels.length)
                .mapToObj(index -> new Voice(String.valueOf(index), labels[index], 0, null))
                .toList();
    }

    @Test
    void promptsKeepTheirSideWhenOthersAreAdded() {
        var split = new HeldOutSplit(1, 0.2);
        var few = IntStream.range(0, 500).mapToObj(number -> "p" + number).toList();
        var many = IntStream.range(0, 2000).mapToObj(number -> "p" + number).toList();

        assertThat(split.heldOut(many)).containsAll(split.heldOut(few));
        assertThat(split.heldOut(many).size() / 2000.0).isCloseTo(0.2, within(0.03));
    }

    @Test
    void neitherSideStaysEmptyWhereThereAreTwoPrompts() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(new HeldOutSplit(seed, 0.1).heldOut(List.of("a", "b"))).hasSize(1);
            assertThat(new HeldOutSplit(seed, 0.9).heldOut(List.of("a", "b"))).hasSize(1);
        }
    }

    @Test
    void splitDoesNotDependOnTheOrderOfPrompts() {
        var prompts = new ArrayList<>(
                IntStream.range(0, 100).mapToObj(number -> "p" + number).toList());
        var split = new HeldOutSplit(3, 0.3);
        var before = split.heldOut(prompts);

        Collections.shuffle(prompts, new Random(1));

        assertThat(split.heldOut(prompts)).isEqualTo(before);
    }

    @Test
    void shareOutsideItsBoundsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeldOutSplit(0, 1))
                .withMessage("heldOutShare is 1.0, must be 0 or more and below 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new HeldOutSplit(0, Double.NaN));
    }

    private static List<String> prompts(List<PlannedRow> rows) {
        return rows.stream()
                .map(row -> ((Preference) row).item().promptSha256())
                .toList();
    }

    /// @param voices value and signed strength, such as `A-2`
    private static JudgedItem pair(String task, String prompt, String... voices) {
        var candidates = Stream.of("A", "B")
                .map(id -> new Candidate(id, null, new ArtifactRef(URI.create("s3://b/" + id), id, 5)))
                .toList();
        var spoken = IntStream.range(0, voices.length)
                .mapToObj(index -> {
                    var parts = voices[index].split("(?=[+-])");
                    return new Voice(task + "-" + index, parts[0], Integer.parseInt(parts[1]), null);
                })
                .toList();
        return new JudgedItem(task, prompt, "all", new ArtifactRef(URI.create("s3://b/c"), "c", 5), candidates, spoken);
    }

    @Test
    void aRankingGivesEveryTwoCandidatesThatMostPutInOrder() {
        var item = ranked(
                voice("j1", List.of(List.of("B"), List.of("A", "C"))),
                voice("j2", List.of(List.of("B"), List.of("C"), List.of("A"))),
                voice("j3", List.of(List.of("A"), List.of("B"), List.of("C"))));

        var plan = FreezePlan.of(
                Kind.PREFERENCE, Question.alone(new QuestionKind.Ranking()), new HeldOutSplit(0, 0), List.of(item));

        assertThat(plan.train())
                .extracting(row -> ((PlannedRow.Preference) row).chosen().id()
                        + ((PlannedRow.Preference) row).rejected().id())
                .containsExactly("BA", "BC");
        assertThat(plan.skipped()).containsExactly(Map.entry("no-majority", 1));
        assertThat(plan.judgements()).containsExactly("j1", "j2", "j3");
    }

    @Test
    void anEditIsAPreferenceAndADemonstration() {
        var better = new ArtifactRef(URI.create("s3://b/better"), "better", 7);
        var item = ranked(new Voice("j1", "A", -1, null, List.of(), List.of(new JudgedItem.Edit("A", better))));
        var edit = new Question("edit", "Make it better.", false, "", Optional.empty(), new QuestionKind.Edit());

        var pairs = FreezePlan.of(Kind.PREFERENCE, edit, new HeldOutSplit(0, 0), List.of(item));
        var shown = FreezePlan.of(Kind.SUPERVISED, edit, new HeldOutSplit(0, 0), List.of(item));

        assertThat(pairs.train())
                .singleElement()
                .isEqualTo(new PlannedRow.Edited(
                        item, item.voices().getFirst(), item.candidates().getFirst(), better));
        assertThat(shown.train())
                .singleElement()
                .isEqualTo(new PlannedRow.Supervised(item, item.voices().getFirst(), better));
    }

    private static Voice voice(String judgement, List<List<String>> ranking) {
        return new Voice(judgement, "", 0, null, ranking, List.of());
    }

    private static JudgedItem ranked(Voice... voices) {
        var candidates = Stream.of("A", "B", "C")
                .map(id -> new Candidate(id, null, new ArtifactRef(URI.create("s3://b/" + id), id, 5)))
                .toList();
        return new JudgedItem(
                "t", "p", "slice", new ArtifactRef(URI.create("s3://b/t"), "t", 9), candidates, List.of(voices));
    }
}
