package dev.gyre.llm.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.llm.objective.BinaryClassifier;
import dev.gyre.llm.objective.Contrastive;
import dev.gyre.llm.objective.Divergence;
import dev.gyre.llm.objective.KahnemanTversky;
import dev.gyre.llm.objective.Objective;
import dev.gyre.llm.objective.OddsRatio;
import dev.gyre.llm.objective.PairLoss;
import dev.gyre.llm.objective.Preference;
import dev.gyre.llm.objective.Supervised;
import dev.gyre.llm.optimization.Optimizer;
import dev.gyre.llm.optimization.Schedule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

    @Test
    void whatIsNotSetHasItsPapersDefault() {
        var recipe = Recipe.of("dpo", "lora", Map.of());

        assertThat(recipe).isInstanceOfSatisfying(Recipe.Dpo.class, dpo -> {
            assertThat(dpo.objective()).isEqualTo(Preference.of(PairLoss.SIGMOID, 0.1, 0, 0));
            assertThat(dpo.adapter()).isEqualTo(new Adapter.Lora(16, 32, Adapter.Lora.PROJECTIONS));
            assertThat(dpo.regime().learningRate()).isEqualTo(1e-5);
            assertThat(dpo.regime().schedule()).isEqualTo(Schedule.LINEAR);
            assertThat(dpo.regime().optimizer()).isEqualTo(new Optimizer.AdamW(0.9, 0.999, 1e-8, 0));
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
                    loss          | wild    | setting loss is wild, must be one of sigmoid, hinge, ipo
                    smoothing     | 0.6     | setting smoothing is 0.6, must be a number from 0 up to 0.499
                    optimizer     | adamx   | setting optimizer is adamx, must be one of adamw, adam, sgd, adafactor, lion
                    momentum      | 0.9     | setting momentum is 0.9, but this recipe has no such setting
                    schedule      | wavy    | setting schedule is wavy, must be one of linear, cosine, constant
                    tooLong       | drop    | setting tooLong is drop, must be one of refuse, cut
                    targets       | head    | setting targets is head, must be names among q_proj
                    learning_rate | 1       | setting learning_rate is 1, but this recipe has no such setting; it has accumulate, alpha, batch
                    """)
    void aWrongSettingIsNamedWithItsValueAndItsBound(String key, String value, String message) {
        assertThatThrownBy(() -> Recipe.of("dpo", "lora", Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void everyObjectiveHasItsWordAndItsPapersParameters() {
        assertThat(objective(Map.of("loss", "kto", "undesirable", "0.5")))
                .isEqualTo(new KahnemanTversky(0.1, 1, 0.5, false));
        assertThat(objective(Map.of("loss", "apo_zero_unpaired"))).isEqualTo(new KahnemanTversky(0.1, 1, 1, true));
        assertThat(objective(Map.of("loss", "bco"))).isEqualTo(new BinaryClassifier(0.1));
        assertThat(objective(Map.of("loss", "orpo", "beta", "0.3"))).isEqualTo(new OddsRatio(0.3));
        assertThat(objective(Map.of("loss", "cpo")))
                .isEqualTo(new Contrastive(Contrastive.Kind.SIGMOID, 0.1, 0, 0, 0, 1));
        assertThat(objective(Map.of("loss", "simpo", "gamma", "0.8")))
                .isEqualTo(new Contrastive(Contrastive.Kind.SIMPO, 2, 0, 0.8, 0, 0));
        assertThat(objective(Map.of("loss", "alphapo")))
                .isEqualTo(new Contrastive(Contrastive.Kind.SIMPO, 2, 0, 1, 0.25, 0));
        assertThat(objective(Map.of("loss", "ipo", "supervisedWeight", "0.2", "tail", "0.5", "weighted", "true")))
                .isEqualTo(new Preference(
                        List.of(new Preference.Term(PairLoss.IPO, 1), new Preference.Term(PairLoss.SFT, 0.2)),
                        0.1,
                        0,
                        0.05,
                        Divergence.REVERSE_KL,
                        0.5,
                        0.5,
                        true));
        assertThat(Recipe.of("supervised", "none", Map.of("loss", "dft")).objective())
                .isEqualTo(new Supervised(true));
    }

    @Test
    void everyScheduleAndOptimizerHasItsWord() {
        var polynomial = Map.of("schedule", "polynomial", "floor", "0.1", "learningRate", "1e-3", "optimizer", "sgd");
        var regime = Recipe.of("dpo", "none", polynomial).regime();
        assertThat(regime.schedule()).isEqualTo(new Schedule.Polynomial(1e-4, 1));
        assertThat(regime.optimizer()).isEqualTo(new Optimizer.Sgd(0.9, 0, false, 0));

        var plateau = Map.of("schedule", "warmup_stable_decay", "decaySteps", "7", "optimizer", "lion");
        regime = Recipe.of("supervised", "none", plateau).regime();
        assertThat(regime.schedule()).isEqualTo(Schedule.WarmupStableDecay.of(7));
        assertThat(regime.optimizer()).isEqualTo(new Optimizer.Lion(0.9, 0.99, 0));

        var root = Map.of("schedule", "inverse_sqrt", "optimizer", "adafactor", "weightDecay", "0.1");
        regime = Recipe.of("supervised", "none", root).regime();
        assertThat(regime.schedule()).isEqualTo(new Schedule.InverseRoot(0));
        assertThat(regime.optimizer()).isEqualTo(Optimizer.Adafactor.of(0.1));
    }

    private static Objective objective(Map<String, String> settings) {
        return Recipe.of("dpo", "none", settings).objective();
    }

    @Test
    void aSettingOfAnotherRecipeIsRefused() {
        assertThatThrownBy(() -> Recipe.of("supervised", "none", Map.of("beta", "0.1")))
                .hasMessageStartingWith("setting beta is 0.1, but this recipe has no such setting");
        assertThatThrownBy(() -> Recipe.of("rhlf", "lora", Map.of()))
                .hasMessageStartingWith("method is rhlf, must be one of supervised, dpo, reward");
        assertThatThrownBy(() -> Recipe.of("dpo", "ia4", Map.of()))
                .hasMessageStartingWith("adapter is ia4, must be lora, none, rslora, dora");
    }
}
