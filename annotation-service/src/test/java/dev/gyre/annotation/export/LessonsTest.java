package dev.gyre.annotation.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.export.Dossier.Option;
import dev.gyre.annotation.export.Dossier.Said;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.events.SampleDocument;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LessonsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MAIN = "main";

    private final Lessons majority = new Lessons(MAIN, Aggregate.MAJORITY);
    private final Lessons all = new Lessons(MAIN, Aggregate.ALL);

    @Test
    void mostDecideAndTheirStrengthIsAveraged() {
        var dossier = dossier(2, prefer("A", 3), prefer("B", 1), prefer("A", 2), tie());

        assertThat(majority.pairs(dossier)).singleElement().satisfies(pair -> {
            assertThat(pair.chosen()).isEqualTo("text A");
            assertThat(pair.strength()).isEqualTo(3);
            assertThat(pair.voices()).hasSize(4);
        });
        assertThat(all.pairs(dossier)).extracting(Lesson.Pair::chosen).containsExactly("text A", "text B", "text A");
    }

    @Test
    void tiesAndSplitVotesTeachNothing() {
        assertThat(majority.pairs(dossier(2, prefer("A", 1), prefer("B", 1)))).isEmpty();
        assertThat(majority.completions(dossier(2, tie()))).isEmpty();
        assertThat(majority.verdicts(dossier(2, tie()))).isEmpty();
    }

    @Test
    void bothBadAreTwoVerdictsAndNoPair() {
        var dossier = dossier(2, said("PAIRWISE", "bad", "{\"bothBad\": true}"));

        assertThat(majority.pairs(dossier)).isEmpty();
        assertThat(majority.verdicts(dossier))
                .extracting(Lesson.Verdict::completion, Lesson.Verdict::good)
                .containsExactly(
                        tuple("text A", false),
                        tuple("text B", false));
    }

    @Test
    void aRankingIsItsPairsWithoutTies() {
        var dossier = dossier(3, said("RANKING", "B>A=C", "{\"ranking\": [[\"B\"], [\"A\", \"C\"]]}"));

        assertThat(majority.pairs(dossier))
                .extracting(pair -> pair.chosen() + " > " + pair.rejected())
                .containsExactly("text B > text A", "text B > text C");
        assertThat(majority.completions(dossier))
                .extracting(Lesson.Completion::text)
                .containsExactly("text B");
        assertThat(majority.verdicts(dossier))
                .extracting(verdict -> verdict.completion() + " " + verdict.good())
                .containsExactly("text B true");
    }

    @Test
    void theSameTextTwiceIsNoPair() {
        var dossier = new Dossier(
                "t",
                "id",
                "slice",
                new SampleDocument("p", null, List.of("x", "x"), Map.of()),
                List.of(new Option("A", null, "x"), new Option("B", null, "x")),
                List.of(voice(0, prefer("A", 1))));

        assertThat(majority.pairs(dossier)).isEmpty();
    }

    private static Said prefer(String choice, int strength) {
        return said("PAIRWISE", choice, "{\"choice\": \"%s\", \"strength\": %d}".formatted(choice, strength));
    }

    private static Said tie() {
        return said("PAIRWISE", "tie", "{\"strength\": 0}");
    }

    private static Said said(String type, @Nullable String value, String json) {
        try {
            return new Said(type, value, (ObjectNode) JSON.readTree(json));
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Dossier dossier(int candidates, Said... said) {
        var options = IntStream.range(0, candidates)
                .mapToObj(at -> String.valueOf((char) ('A' + at)))
                .map(id -> new Option(id, null, "text " + id))
                .toList();
        return new Dossier(
                "t",
                "id",
                "slice",
                new SampleDocument("p", null, options.stream().map(Option::text).toList(), Map.of()),
                options,
                IntStream.range(0, said.length)
                        .mapToObj(at -> voice(at, said[at]))
                        .toList());
    }

    private static Voice voice(int number, Said said) {
        return new Voice("j" + number, "a" + number, "HUMAN", 1, null, 0, "", List.of(), Map.of(MAIN, said));
    }
}
