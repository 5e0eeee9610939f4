package dev.gyre.registry.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.registry.version.VersionState.Candidate;
import dev.gyre.registry.version.VersionState.Champion;
import dev.gyre.registry.version.VersionState.Rejected;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionStateTest {

    @Test
    void championRetiresAndComesBackOnTheSameVerdict() {
        var champion = new Candidate().crown("e1");

        assertThat(champion.retire().restore()).isEqualTo(champion);
    }

    @Test
    void everyStateIsReadAsItWasWritten() {
        var states = List.of(
                new Candidate(),
                new Champion("e1"),
                new Champion("e1").retire(),
                new Rejected("e2", List.of("too few rows")));

        for (var state : states) {
            assertThat(VersionState.of(state.word(), state.verdict(), state.objections()))
                    .isEqualTo(state);
        }
    }
}
