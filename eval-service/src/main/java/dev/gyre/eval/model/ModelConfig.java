package dev.gyre.eval.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/// Where models run and how many of them are kept near.
@ConfigMapping(prefix = "gyre.models")
interface ModelConfig {

    /// `auto`, `cpu` or `cuda:N`; follows `gyre.device`.
    @WithDefault("${gyre.device:auto}")
    String device();

    /// Folder of fetched files; what stands in it can be deleted at any time.
    @WithDefault("${java.io.tmpdir}/gyre-eval-models")
    Path cache();

    /// Bytes of fetched files that are kept.
    @WithDefault("8000000000")
    long cacheBytes();

    /// Models that are open at once.
    @WithDefault("2")
    int open();

    /// Bytes of weights that are open at once.
    @WithDefault("2000000000")
    long openBytes();

    /// How long somebody waits for a place where all open models are in use.
    @WithDefault("PT2M")
    Duration patience();
}
