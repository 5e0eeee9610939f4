package dev.gyre.annotation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TaskQueryTest {

    @Test
    void blanksAreLeftOut() {
        var query = new TaskQuery(" refund ", null, " ", "", null, 2, null, null);

        assertThat(query.q()).isEqualTo("refund");
        assertThat(query.marks()).containsExactly("under:2");
    }

    @Test
    void refusalsSayWhatWouldFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskQuery(null, "OPEN", null, null, null, null, null, null))
                .withMessage("state is 'OPEN', must be one of [PREPARING, ASKING, READY, DONE, SKIPPED]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskQuery(null, null, null, null, 1.5, null, null, null))
                .withMessage("agreement is 1.5, must be 0 to 1: the most that the answers may agree");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskQuery(null, null, null, null, null, null, null, 0.5))
                .withMessage("similarity is 0.5, must be above 0 to 1, with like");
    }
}
