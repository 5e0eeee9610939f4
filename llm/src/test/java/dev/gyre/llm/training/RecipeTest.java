package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

    @Test
    void whatIsNotSetHasItsPapersDefault() {
        var recipe = Recipe.of("dpo", "lora", Map.of());

        assertThat(recipe).isInstanceOfSatisfying(Recipe.Dpo.class, dpo -> {
            assertThat(dpo.beta()).isEqualTo(0.1);
            assertThat(dpo.supervisedWeight()).isZero();
            assertThat(dpo.adapter()).isEqualTo(new Adapter.Lora(16, 32, Adapter.Lora.PROJECTIONS));
            assertThat(dpo.regime().learningRate()).isEqualTo(1e-5);
            assertThat(dpo.regime().gradientNorm()).isEqualTo(1);
            assertThat(dpo.regime().tooLong()).isEqualTo(Regime.TooLong.REFUSE);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    learningRate  | -1      | setting learningRate is -1, must be a number above 0 up to 10
                    learningRate  | fast    | setting learningRate is fast, must be a number above 0 up to 10
                    learningRate  | NaN     | setting learningRate is NaN, must be a number above 0 up to 10
                    epochs        | 0       | setting epochs is 0, must be a whole number of 1 or more
                    rank          | 1.5     | setting rank is 1.5, must be a whole number of 1 or more
                    beta          | 0       | setting beta is 0, must be a number above 0
                    schedule      | wavy    | setting schedule is wavy, must be one of linear, cosine, constant
                    tooLong       | drop    | setting tooLong is drop, must be one of refuse, cut
                    targets       | head    | setting targets is head, must be names among q_proj
                    learning_rate | 1       | setting learning_rate is 1, but this recipe has no such setting; it has alpha, batch
                    """)
    void aWrongSettingIsNamedWithItsValueAndItsBound(String key, String value, String message) {
        assertThatThrownBy(() -> Recipe.of("dpo", "lora", Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aSettingOfAnotherRecipeIsRefused() {
        assertThatThrownBy(() -> Recipe.of("supervised", "none", Map.of("beta", "0.1")))
                .hasMessageStartingWith("setting beta is 0.1, but this recipe has no such setting");
        assertThatThrownBy(() -> Recipe.of("grpo", "lora", Map.of()))
                .hasMessage("method is grpo, must be supervised, dpo or classification");
        assertThatThrownBy(() -> Recipe.of("dpo", "ia4", Map.of()))
                .hasMessageStartingWith("adapter is ia4, must be lora, none, rslora, dora");
    }
}
