package dev.gyre.eval.scorecard;

import dev.gyre.eval.measure.PairedBootstrap;
import dev.gyre.eval.suite.SuiteRows;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How examinations are run.
@ConfigMapping(prefix = "gyre.examination")
interface ExaminationConfig {

    /// Replicates of the bootstrap.
    @WithDefault("2000")
    int replicates();

    /// Seed of the bootstrap; the same seed gives the same intervals.
    @WithDefault("20")
    long seed();

    /// Rows that are read of a suite; a larger one gives so many, spread evenly.
    @WithDefault("2000")
    int rowsAtMost();

    /// Rows that a model reads at a time.
    @WithDefault("16")
    int batch();

    /// How long a version waits for the suite of its data set, which another topic brings.
    @WithDefault("PT5M")
    Duration suitePatience();

    /// How long the next version of a model waits for registry to act on a passed one.
    @WithDefault("PT1M")
    Duration settlePatience();

    /// How often an examination that breaks is taken up before it counts as failed.
    @WithDefault("6")
    int attempts();

    /// How long an examination is left alone after its worker was last heard of.
    @WithDefault("PT30S")
    Duration lease();

    /// How often the worker looks for work.
    @WithDefault("PT0.5S")
    Duration pause();

    default SuiteRows rows() {
        return new SuiteRows(rowsAtMost(), batch());
    }

    default PairedBootstrap bootstrap() {
        return new PairedBootstrap(replicates(), seed());
    }
}
