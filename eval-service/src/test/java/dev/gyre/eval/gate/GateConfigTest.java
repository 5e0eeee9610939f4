package dev.gyre.eval.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class GateConfigTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(GateConfig.class)
                .build()
                .getConfigMapping(GateConfig.class);

        assertThat(config.policy())
                .isEqualTo(new GatePolicy(
                        30,
                        0.05,
                        new Margin(0.02, true),
                        new Margin(0.02, false),
                        new Margin(0.10, true),
                        Unproven.RESERVATION));
    }
}
