package dev.gyre.annotation.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.annotation.probe.Probing.Kind;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class ProbingTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(ProbingConfig.class)
                .build()
                .getConfigMapping(ProbingConfig.class);

        assertThat(config.probing()).isEqualTo(new Probing(0.05, 0.05, 30));
    }

    @Test
    void drawDecidesWhatAPlaceIsFor() {
        var probing = new Probing(0.05, 0.1, 30);

        assertThat(probing.kind(0)).isEqualTo(Kind.GOLD);
        assertThat(probing.kind(0.049)).isEqualTo(Kind.GOLD);
        assertThat(probing.kind(0.05)).isEqualTo(Kind.REPEAT);
        assertThat(probing.kind(0.149)).isEqualTo(Kind.REPEAT);
        assertThat(probing.kind(0.151)).isEqualTo(Kind.TASK);
        assertThat(new Probing(0, 0, 1).kind(0)).isEqualTo(Kind.TASK);
        assertThat(new Probing(1, 0, 1).kind(0.999)).isEqualTo(Kind.GOLD);
    }

    @Test
    void sharesOfMoreThanAllAreRefused() {
        assertThatThrownBy(() -> new Probing(0.8, 0.3, 30)).hasMessageContaining("together at most 1");
        assertThatThrownBy(() -> new Probing(-0.1, 0, 30)).hasMessageContaining("must be 0 or more");
        assertThatThrownBy(() -> new Probing(Double.NaN, 0, 30)).hasMessageContaining("goldShare is NaN");
        assertThatThrownBy(() -> new Probing(0, 0, 0)).hasMessage("repeatAfter is 0, must be 1 or more");
    }
}
