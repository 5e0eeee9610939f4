package dev.gyre.eval.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.llm.model.Sampling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistinctAnswersTest {

    @Test
    void seedsCountUpUntilThereAreEnough() {
        var wanted = new DistinctAnswers(3, 8, 0.8, 100);

        assertThat(wanted.draw(sampling -> "answer " + sampling.seed()))
                .containsExactly("answer 100", "answer 101", "answer 102");
    }

    @Test
    void repetitionsAndBlanksDoNotCountAndTheTemperatureRises() {
        var seen = new ArrayList<Sampling>();
        var wanted = new DistinctAnswers(2, 8, 0.8, 0);

        var answers = wanted.draw(sampling -> {
            seen.add(sampling);
            return List.of("", "same", "same ", "other").get((int) sampling.seed());
        });

        assertThat(answers).containsExactly("same", "other");
        assertThat(seen).extracting(Sampling::temperature).containsExactly(0.8, 0.8, 1.0, 1.0);
    }

    @Test
    void modelThatAlwaysSaysTheSameGivesOneAnswer() {
        assertThat(new DistinctAnswers(4, 8, 0.8, 0).draw(sampling -> "yes")).containsExactly("yes");
    }

    @Test
    void countIsBounded() {
        assertThatThrownBy(() -> new DistinctAnswers(17, 8, 0.8, 0)).hasMessage("count is 17, must be 1 to 16");
    }
}
