package dev.gyre.ingest.upload;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How files are taken in.
@ConfigMapping(prefix = "gyre.upload")
interface UploadConfig {

    /// Rows of one transaction.
    @WithDefault("250")
    int batch();

    /// Texts that are written to the artifact store at the same time.
    @WithDefault("8")
    int writers();
}
