package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.model.Engine;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Sequence;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden/base_llama");
    private static final List<Example> ROWS =
            Collections.nCopies(10, new Example.Demonstration(new Sequence(new long[12], 8)));

    @Test
    void aModelThatLearnsHoldsGradientsAndTwoMemoriesOfEveryWeight() {
        var need = need("none", Map.of("batch", "4"));
        long numbers = numbers();

        assertThat(need.weights()).isEqualTo(4 * numbers);
        assertThat(need.learning()).isEqualTo(12 * numbers);
    }

    @Test
    void anAdapterLeavesTheGradientsOut() {
        assertThat(need("lora", Map.of("batch", "4")).learning()).isZero();
    }

    @Test
    void aBatchTwiceAsLargeLeavesTwiceAsMuchBehindAndRecomputingLess() {
        var four = need("lora", Map.of("batch", "4")).activations();

        assertThat(need("lora", Map.of("batch", "8")).activations()).isEqualTo(2 * four);
        assertThat(need("lora", Map.of("batch", "4", "recompute", "true")).activations()).isLessThan(four / 2);
    }

    @Test
    void whatTheDeviceCannotHoldIsRefusedWithFiguresAndRemedies() {
        var need = new MemoryNeed(600L << 20, 0, 500L << 20);

        assertThat(need.refusal("cuda:0", 1024L << 20))
                .hasValue(
                        "this training needs at least 1100 MiB (weights 600, gradients and optimizer 0, a batch 500) and cuda:0 has 1024 MiB; lower batch or maxTokens, set recompute=true, or train an adapter");
        assertThat(need.refusal("cuda:0", 1100L << 20)).isEmpty();
    }

    @Test
    void thisComputerHasMemory() {
        assertThat(Engine.CPU.allMemory()).isBetween(1L << 28, 1L << 50);
    }

    private static MemoryNeed need(String adapter, Map<String, String> settings) {
        return MemoryNeed.of(model(), Recipe.of("supervised", adapter, settings), ROWS, ElementType.F32, ElementType.F32);
    }

    private static Architecture model() {
        return Architecture.read(FOLDER.resolve("config.json"));
    }

    private static long numbers() {
        return model().tensors().values().stream()
                .mapToLong(shape -> shape.stream().mapToLong(side -> side).reduce(1, (one, other) -> one * other))
                .sum();
    }
}
