package dev.gyre.annotation.probe;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How often people are asked what is known, or what they said before, where a project does not say otherwise.
@ConfigMapping(prefix = "gyre.probing")
interface ProbingConfig {

    /// Share of the tasks of a person that are gold questions, as long as there are some left.
    @WithDefault("0.05")
    double goldShare();

    /// Share of the tasks of a person that are earlier ones again; models are never asked twice.
    @WithDefault("0.05")
    double repeatShare();

    /// A task comes again only when the person has judged this many others since.
    @WithDefault("30")
    int repeatAfter();

    default Probing probing() {
        return new Probing(goldShare(), repeatShare(), repeatAfter());
    }
}
