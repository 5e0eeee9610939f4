package dev.gyre.eval.monitor;

import dev.gyre.eval.drift.DriftSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How production traffic is watched; what the numbers mean stands at [DriftSettings].
@ConfigMapping(prefix = "gyre.drift")
interface MonitorConfig {

    enum Embedder {
        MINILM,
        HASHING
    }

    /// How prompts become points: `minilm` or, without any model, `hashing`.
    @WithDefault("minilm")
    Embedder embedder();

    /// Interactions that say what is usual.
    @WithDefault("200")
    int referenceSize();

    /// Interactions, or ratings, that are tested together.
    @WithDefault("50")
    int windowSize();

    /// Share of false discoveries that a window may have, over all its statistics.
    @WithDefault("0.01")
    double significance();

    /// Smallest effect that counts.
    @WithDefault("0.1")
    double effectFloor();

    /// Drifting windows that make an alarm.
    @WithDefault("2")
    int persistence();

    /// The latest windows among which they are counted.
    @WithDefault("3")
    int outOf();

    /// Calm windows in succession that end an alarm.
    @WithDefault("3")
    int calmWindows();

    /// Windows after an alarm's end in which there is no new one.
    @WithDefault("3")
    int cooldownWindows();

    /// Permutations of the test on embeddings; the smallest p-value is 1/(1 + this).
    @WithDefault("999")
    int permutations();

    /// Interactions that are read together.
    @WithDefault("64")
    int batch();

    /// How often an interaction is tried whose text is there and cannot be read.
    @WithDefault("6")
    int attempts();

    /// How often the worker looks for work.
    @WithDefault("PT0.5S")
    Duration pause();

    default DriftSettings settings() {
        return new DriftSettings(
                referenceSize(),
                windowSize(),
                significance(),
                effectFloor(),
                persistence(),
                outOf(),
                calmWindows(),
                cooldownWindows());
    }
}
