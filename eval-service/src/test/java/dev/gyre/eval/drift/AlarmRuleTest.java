package dev.gyre.eval.drift;

import static dev.gyre.eval.detector.Signal.CALM;
import static dev.gyre.eval.detector.Signal.DRIFT;
import static dev.gyre.eval.detector.Signal.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.eval.drift.AlarmRule.Decision;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmRuleTest {

    private static final AlarmRule RULE = new AlarmRule(2, 3, 3, 4);

    @Test
    void twoDriftingWindowsOfThreeOpenAnAlarmAndOneDoesNot() {
        assertThat(RULE.decide(false, 100, List.of(CALM, CALM, DRIFT))).isEqualTo(Decision.NOTHING);
        assertThat(RULE.decide(false, 100, List.of(DRIFT, CALM, DRIFT))).isEqualTo(Decision.OPEN);
        assertThat(RULE.decide(false, 100, List.of(DRIFT, DRIFT, CALM))).isEqualTo(Decision.NOTHING);
        assertThat(RULE.decide(false, 100, List.of(DRIFT, CALM, CALM, DRIFT))).isEqualTo(Decision.NOTHING);
        assertThat(RULE.decide(false, 100, List.of())).isEqualTo(Decision.NOTHING);
    }

    @Test
    void openAlarmEndsOnlyAfterCalmWindowsInSuccession() {
        assertThat(RULE.decide(true, 100, List.of(DRIFT, DRIFT, DRIFT))).isEqualTo(Decision.NOTHING);
        assertThat(RULE.decide(true, 100, List.of(CALM, WARNING, CALM))).isEqualTo(Decision.NOTHING);
        assertThat(RULE.decide(true, 100, List.of(DRIFT, CALM, CALM, CALM))).isEqualTo(Decision.CLEAR);
    }

    @Test
    void nothingOpensDuringTheCooldown() {
        assertThat(RULE.decide(false, 4, List.of(DRIFT, DRIFT))).isEqualTo(Decision.NOTHING);
        assertThat(RULE.decide(false, 5, List.of(DRIFT, DRIFT))).isEqualTo(Decision.OPEN);
    }

    @Test
    void settingsSayWhichBoundIsBroken() {
        assertThatThrownBy(() -> new DriftSettings(200, 50, 0.01, 0.1, 4, 3, 3, 3))
                .hasMessage("persistence is 4, must be from 1 to 3");
        assertThatThrownBy(() -> new DriftSettings(200, 50, 0.5, 0.1, 2, 3, 3, 3))
                .hasMessage("significance is 0.5, must be from 0.004 to 0.2");
    }
}
