package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.llm.model.Golden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateTest {

    @ParameterizedTest
    @CsvSource({"LINEAR,linear", "COSINE,cosine", "CONSTANT,constant_with_warmup"})
    void everyStepEqualsTransformers(Regime.Schedule schedule, String name) {
        var wanted = Golden.doubles(Golden.values().path("schedules").path(name).path("lr"));
        var rate = new LearningRate(1, schedule, 5, 50);

        for (int step = 0; step < wanted.length; step++) {
            assertThat(rate.at(step)).isCloseTo(wanted[step], within(1e-6));
        }
    }
}
