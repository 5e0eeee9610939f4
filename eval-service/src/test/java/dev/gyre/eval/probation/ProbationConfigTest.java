package dev.gyre.eval.probation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbationConfigTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(ProbationConfig.class)
                .build()
                .getConfigMapping(ProbationConfig.class);

        assertThat(config.rule()).isEqualTo(new ProbationRule(List.of(25, 50, 100, 200), 200, 25, 0.01, 0.1));
    }
}
