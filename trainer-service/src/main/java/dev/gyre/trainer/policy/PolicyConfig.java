package dev.gyre.trainer.policy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How policies are carried out.
@ConfigMapping(prefix = "gyre.policy")
interface PolicyConfig {

    /// How long an idle worker waits before it looks for a decision to take.
    @WithDefault("500MS")
    Duration poll();

    /// How long until a waiting data set is looked at again, where nobody can say when its obstacle is gone.
    @WithDefault("2S")
    Duration look();
}
