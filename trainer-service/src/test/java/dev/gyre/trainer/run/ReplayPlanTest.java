package dev.gyre.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.trainer.run.ReplayPlan.Past;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayPlanTest {

    @Test
    void theShareIsThatOfTheMixedRows() {
        assertThat(ReplayPlan.wanted(0.5, 84)).isEqualTo(84);
        assertThat(ReplayPlan.wanted(0.75, 20)).isEqualTo(60);
        assertThat(ReplayPlan.wanted(0, 20)).isZero();
        assertThat(ReplayPlan.wanted(0.9, 10)).isEqualTo(90);
        assertThatThrownBy(() -> ReplayPlan.wanted(0.95, 10)).hasMessage("replayShare is 0.95, must be 0 to 0.9");
        assertThatThrownBy(() -> ReplayPlan.wanted(Double.NaN, 10)).hasMessageContaining("replayShare is NaN");
    }

    @Test
    void rowsAreSpreadEvenlyAndTheNewestGetsTheOddOne() {
        assertThat(ReplayPlan.spread(10, List.of(past("c", 50), past("b", 50), past("a", 50))))
                .containsExactly(new Replay("c", 4), new Replay("b", 3), new Replay("a", 3));
    }

    @Test
    void whatAShortOneCannotGiveComesFromTheOthers() {
        assertThat(ReplayPlan.spread(90, List.of(past("c", 10), past("b", 200), past("a", 35))))
                .containsExactly(new Replay("c", 10), new Replay("b", 45), new Replay("a", 35));
        assertThat(ReplayPlan.spread(90, List.of(past("b", 5), past("a", 6))))
                .containsExactly(new Replay("b", 5), new Replay("a", 6));
        assertThat(ReplayPlan.spread(1, List.of(past("b", 5), past("a", 6)))).containsExactly(new Replay("b", 1));
        assertThat(ReplayPlan.spread(7, List.of())).isEmpty();
    }

    private static Past past(String dataset, int rows) {
        return new Past(dataset, dataset, rows);
    }
}
