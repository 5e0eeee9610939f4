package dev.gyre.annotation.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QualityConfigTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(QualityConfig.class)
                .build()
                .getConfigMapping(QualityConfig.class);

        assertThat(config.pause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.settings()).isEqualTo(new Assessment.Settings(1000, new ReadingFloor(10, 6), 10, 30));
    }
}
