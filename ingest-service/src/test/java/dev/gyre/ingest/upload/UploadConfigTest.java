package dev.gyre.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.ingest.source.Limits;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class UploadConfigTest {

    @Test
    void defaultsAreThoseOfTheDocuments() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(UploadConfig.class)
                .build()
                .getConfigMapping(UploadConfig.class);

        assertThat(config.batch()).isEqualTo(250);
        assertThat(config.writers()).isEqualTo(8);
        assertThat(Limits.DEFAULT.maxCharacters()).isEqualTo(100_000);
    }
}
