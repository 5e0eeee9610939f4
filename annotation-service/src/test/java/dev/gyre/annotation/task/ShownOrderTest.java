package dev.gyre.annotation.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShownOrderTest {

    @Test
    void samePersonSeesTheSameOrderAgain() {
        var candidates = List.of("A", "B", "C");

        assertThat(ShownOrder.of("task", "ann", candidates)).isEqualTo(ShownOrder.of("task", "ann", candidates));
        assertThat(ShownOrder.of("task", "ann", candidates)).containsExactlyInAnyOrderElementsOf(candidates);
    }

    @Test
    void eachSideComesFirstHalfOfTheTime() {
        long first = IntStream.range(0, 4000)
                .filter(task -> ShownOrder.of("task-" + task, "ann", List.of("A", "B"))
                        .getFirst()
                        .equals("A"))
                .count();

        assertThat(first / 4000.0).isCloseTo(0.5, within(0.03));
    }
}
