package dev.gyre.eval.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.eval.drift.DriftSettings;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class MonitorConfigTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(MonitorConfig.class)
                .build()
                .getConfigMapping(MonitorConfig.class);

        assertThat(config.settings()).isEqualTo(new DriftSettings(200, 50, 0.01, 0.1, 2, 3, 3, 3));
        assertThat(config.embedder()).isEqualTo(MonitorConfig.Embedder.MINILM);
        assertThat(config.permutations()).isEqualTo(999);
    }
}
