package dev.gyre.annotation.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.annotation.project.Answering;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.events.SampleDocument;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreparationTest {

    private static final List<Question> PAIRWISE = List.of(Question.alone(new QuestionKind.Pairwise()));
    private static final Answering ASSISTANT = new Answering("assistant", 2, 64);

    @Test
    void twoCandidatesOfTheSourceAreCompared() {
        assertThat(Preparation.of(PAIRWISE, ASSISTANT, sample("left", "right")))
                .isEqualTo(new Preparation.Ready(List.of("left", "right")));
    }

    @Test
    void modelIsAskedWhereTheSourceHasNoCandidates() {
        assertThat(Preparation.of(PAIRWISE, ASSISTANT, sample())).isEqualTo(new Preparation.Ask(ASSISTANT));
    }

    @Test
    void withoutCandidatesAndModelThereIsNoTask() {
        assertThat(Preparation.of(PAIRWISE, null, sample("alone")))
                .isInstanceOfSatisfying(
                        Preparation.Skip.class,
                        skip -> assertThat(skip.reason()).isEqualTo("no-candidates"));
        assertThat(Preparation.of(PAIRWISE, null, sample("a", "b", "c")))
                .isInstanceOfSatisfying(
                        Preparation.Skip.class,
                        skip -> assertThat(skip.reason()).isEqualTo("more-than-two-candidates"));
    }

    @Test
    void labelsAndDemonstrationsNeedNoCandidates() {
        assertThat(Preparation.of(List.of(Question.alone(new QuestionKind.Demonstration())), null, sample()))
                .isEqualTo(new Preparation.Ready(List.of()));
        assertThat(Preparation.of(List.of(Question.alone(new QuestionKind.Label(List.of("ham", "spam")))), null, sample()))
                .isEqualTo(new Preparation.Ready(List.of()));
    }

    private static SampleDocument sample(String... candidates) {
        return new SampleDocument("prompt", null, List.of(candidates), Map.of());
    }
}
