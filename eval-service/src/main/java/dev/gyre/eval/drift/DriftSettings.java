package dev.gyre.eval.drift;

/// When a monitor speaks up.
///
/// @param referenceSize interactions that say what is usual
/// @param windowSize interactions, or ratings, that are tested together
/// @param significance share of false discoveries that a window may have, over all its statistics
/// @param effectFloor smallest effect that counts: KS distance, PSI, root of MMD², or error rate
/// @param persistence drifting windows that make an alarm
/// @param outOf the latest windows among which they are counted
/// @param calmWindows windows in succession, calm at five times the significance, that end an alarm
/// @param cooldownWindows windows after an alarm's end in which there is no new one
public record DriftSettings(
        int referenceSize,
        int windowSize,
        double significance,
        double effectFloor,
        int persistence,
        int outOf,
        int calmWindows,
        int cooldownWindows) {

    public DriftSettings {
        within("referenceSize", referenceSize, 20, 2000);
        within("windowSize", windowSize, 10, 1000);
        within("outOf", outOf, 1, 20);
        within("persistence", persistence, 1, outOf);
        within("calmWindows", calmWindows, 1, 100);
        within("cooldownWindows", cooldownWindows, 0, 1000);
        within("significance", significance, 0.004, 0.2);
        within("effectFloor", effectFloor, 0, 1);
    }

    /// The significance under which an open alarm is not over.
    public double calmSignificance() {
        return Math.min(0.5, 5 * significance);
    }

    private static void within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    "%s is %s, must be from %s to %s".formatted(name, shown(value), shown(least), shown(most)));
        }
    }

    private static String shown(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
