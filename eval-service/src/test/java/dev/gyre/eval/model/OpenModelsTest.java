package dev.gyre.eval.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenModelsTest {

    private final List<String> opened = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final OpenModels<String, String> models = new OpenModels<>(2, 100, Duration.ofMillis(50), closed::add);

    @Test
    void openModelIsLentAgain() {
        lend("a", 10).close();
        lend("a", 10).close();

        assertThat(opened).containsExactly("a");
    }

    @Test
    void longestUnusedIsClosedForANewcomer() {
        lend("a", 10).close();
        lend("b", 10).close();
        lend("a", 10).close();
        lend("c", 10).close();

        assertThat(closed).containsExactly("b");
    }

    @Test
    void bytesAreBoundedToo() {
        lend("a", 60).close();
        lend("b", 60).close();

        assertThat(closed).containsExactly("a");
        assertThatThrownBy(() -> lend("c", 101))
                .isInstanceOf(NoPlace.class)
                .hasMessageContaining("gyre.models.open-bytes");
    }

    @Test
    void modelInUseStaysAndTheNewcomerIsRefusedInTime() {
        var first = lend("a", 10);
        var second = lend("b", 10);

        assertThatThrownBy(() -> lend("c", 10)).isInstanceOf(NoPlace.class).hasMessageContaining("2 models are in use");
        assertThat(closed).isEmpty();
        assertThat(first.model() + second.model()).isEqualTo("ab");
    }

    @Test
    void newcomerGetsThePlaceThatBecomesFree() throws Exception {
        var patient = new OpenModels<String, String>(1, 100, Duration.ofSeconds(10), closed::add);
        var first = patient.lend("a", 10, () -> "a");
        var waiting = CompletableFuture.supplyAsync(() -> patient.lend("b", 10, () -> "b"));

        first.close();

        assertThat(waiting.get(10, TimeUnit.SECONDS).model()).isEqualTo("b");
        assertThat(closed).containsExactly("a");
    }

    @Test
    void modelThatDoesNotOpenLeavesNoTrace() {
        assertThatThrownBy(() -> models.lend("a", 10, () -> {
                    throw new IllegalArgumentException("config.json is missing");
                }))
                .hasMessage("config.json is missing");

        assertThat(models.list()).isEmpty();
        assertThat(lend("a", 10).model()).isEqualTo("a");
    }

    private OpenModels.Loan<String> lend(String key, long bytes) {
        return models.lend(key, bytes, () -> {
            opened.add(key);
            return key;
        });
    }
}
