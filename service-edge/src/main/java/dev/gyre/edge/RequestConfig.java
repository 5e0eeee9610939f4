package dev.gyre.edge;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How much one caller may ask of a service.
@ConfigMapping(prefix = "gyre.requests")
interface RequestConfig {

    /// Requests of one account, or of one address without a login, in a second, in the long run.
    @WithDefault("200")
    int perSecond();

    /// Requests at once, after a pause.
    @WithDefault("2000")
    int burst();

    /// The largest body of a request.
    @WithDefault("10M")
    MemorySize largest();

    /// The largest body that is no file but is read into memory as a whole, where `largest` allows more.
    @WithDefault("64M")
    MemorySize largestInMemory();
}
