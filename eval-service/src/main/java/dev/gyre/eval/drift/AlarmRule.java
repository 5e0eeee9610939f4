package dev.gyre.eval.drift;

import dev.gyre.eval.detector.Signal;
import java.util.List;

/// When windows add up to an alarm, and when the alarm is over.
public record AlarmRule(int persistence, int outOf, int calmWindows, int cooldownWindows) {

    public enum Decision {
        NOTHING,
        OPEN,
        CLEAR
    }

    public static AlarmRule of(DriftSettings settings) {
        return new AlarmRule(
                settings.persistence(), settings.outOf(), settings.calmWindows(), settings.cooldownWindows());
    }

    /// How many of the latest windows the rule looks at.
    public int memory() {
        return Math.max(outOf, calmWindows);
    }

    /// @param isOpen whether there is an alarm now
    /// @param sinceAlarm windows since the last alarm was over, large where there was none
    /// @param latest what was said of the latest windows, the newest last
    public Decision decide(boolean isOpen, long sinceAlarm, List<Signal> latest) {
        if (isOpen) {
            var isCalm = latest.size() >= calmWindows
                    && latest.subList(latest.size() - calmWindows, latest.size()).stream()
                            .allMatch(signal -> signal == Signal.CALM);
            return isCalm ? Decision.CLEAR : Decision.NOTHING;
        }
        var drifting = latest.subList(Math.max(0, latest.size() - outOf), latest.size()).stream()
                .filter(signal -> signal == Signal.DRIFT)
                .count();
        var persists = !latest.isEmpty() && latest.getLast() == Signal.DRIFT && drifting >= persistence;
        return persists && sinceAlarm > cooldownWindows ? Decision.OPEN : Decision.NOTHING;
    }
}
