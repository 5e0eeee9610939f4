package dev.gyre.eval.probation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/// How a new champion is looked at; what the numbers mean stands at [ProbationRule].
@ConfigMapping(prefix = "gyre.probation")
interface ProbationConfig {

    /// Ratings of the new champion at which they are looked at.
    @WithDefault("25,50,100,200")
    List<Integer> looks();

    /// Latest ratings of its predecessor that are compared, at most.
    @WithDefault("200")
    int reference();

    /// Ratings of its predecessor that are compared, at least.
    @WithDefault("25")
    int minimum();

    /// How often a champion as good as its predecessor may be called worse, over all looks.
    @WithDefault("0.01")
    double alpha();

    /// By how much the share of bad ratings has to be higher.
    @WithDefault("0.1")
    double effectFloor();

    /// How often the worker looks for work.
    @WithDefault("PT0.5S")
    Duration pause();

    default ProbationRule rule() {
        return new ProbationRule(looks(), reference(), minimum(), alpha(), effectFloor());
    }
}
