package dev.gyre.annotation.judgement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.annotation.project.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Question PAIRWISE = new Question.Pairwise("Which?");
    private static final Question LABEL = new Question.Label("Spam?", List.of("ham", "spam"));
    private static final Question DEMONSTRATION = new Question.Demonstration("Write");

    @Test
    void pairIsAChoiceATieOrBothBad() {
        assertThat(pair("B", 3, null)).isEqualTo(new Verdict.Prefer("B", 3));
        assertThat(pair("B", null, null)).isEqualTo(new Verdict.Prefer("B", 1));
        assertThat(pair(null, 0, null)).isEqualTo(new Verdict.Tie());
        assertThat(pair(null, null, true)).isEqualTo(new Verdict.BothBad());
    }

    @Test
    void nothingSaidIsNotATie() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair(null, null, null))
                .withMessageContaining("choice is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair(null, 2, null))
                .withMessageContaining("choice is missing");
    }

    @Test
    void contradictionsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair("A", 1, true))
                .withMessageContaining("exclude each other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair("A", 4, null))
                .withMessageContaining("strength is 4 with a choice, must be 1 to 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair("C", 1, null))
                .withMessage("choice is 'C', must be the id of a candidate: [A, B]");
    }

    @Test
    void fieldsOfAnotherQuestionAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verdict.of(LABEL, List.of(), given("A", null, null, "spam", null)))
                .withMessageContaining("choice does not belong to a LABEL question");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verdict.of(PAIRWISE, List.of("A", "B"), given("A", 1, null, null, "text")))
                .withMessageContaining("text does not belong to a PAIRWISE question");
    }

    @Test
    void labelIsOneOfTheProjects() {
        assertThat(Verdict.of(LABEL, List.of(), given(null, null, null, "spam", null)))
                .isEqualTo(new Verdict.Labelled("spam"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verdict.of(LABEL, List.of(), given(null, null, null, "egg", null)))
                .withMessage("label is 'egg', must be one of [ham, spam]");
    }

    @Test
    void demonstrationIsAText() {
        assertThat(Verdict.of(DEMONSTRATION, List.of(), given(null, null, null, null, "Hello")))
                .isEqualTo(new Verdict.Demonstrated("Hello"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verdict.of(DEMONSTRATION, List.of(), given(null, null, null, null, " ")))
                .withMessageContaining("text is empty");
    }

    private static Verdict pair(@Nullable String choice, @Nullable Integer strength, @Nullable Boolean bothBad) {
        return Verdict.of(PAIRWISE, List.of("A", "B"), given(choice, strength, bothBad, null, null));
    }

    private static NewJudgement given(
            @Nullable String choice,
            @Nullable Integer strength,
            @Nullable Boolean bothBad,
            @Nullable String label,
            @Nullable String text) {
        return new NewJudgement("lease", choice, strength, bothBad, label, text, null, null);
    }
}
