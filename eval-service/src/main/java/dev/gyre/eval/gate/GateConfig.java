package dev.gyre.eval.gate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How strict the gate is; what the numbers mean stands at [GatePolicy].
@ConfigMapping(prefix = "gyre.gate")
public interface GateConfig {

    /// Fewest different prompts that count as evidence.
    @WithDefault("30")
    int minimumPrompts();

    /// Largest p-value of the exact sign test at which a gain in accuracy counts.
    @WithDefault("0.05")
    double significance();

    /// How much worse nats per character may get on a past suite of demonstrations, as a share of the champion's.
    @WithDefault("0.02")
    double supervisedMargin();

    /// How much accuracy may be lost on a past suite of preferences, in points of 1.
    @WithDefault("0.02")
    double preferenceMargin();

    /// As `supervised-margin`, for a candidate that learned preferences.
    @WithDefault("0.10")
    double supervisedAfterPreferenceMargin();

    /// What follows where a past suite cannot exclude a loss beyond the margin: `reservation` or `inconclusive`.
    @WithDefault("reservation")
    Unproven unproven();

    default GatePolicy policy() {
        return new GatePolicy(
                minimumPrompts(),
                significance(),
                new Margin(supervisedMargin(), true),
                new Margin(preferenceMargin(), false),
                new Margin(supervisedAfterPreferenceMargin(), true),
                unproven());
    }
}
