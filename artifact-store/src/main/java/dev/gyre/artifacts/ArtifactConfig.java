package dev.gyre.artifacts;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Where artifacts are kept.
@ConfigMapping(prefix = "gyre.s3")
interface ArtifactConfig {

    /// Address of the S3 store, such as `http://127.0.0.1:7413`.
    String endpoint();

    String accessKey();

    String secretKey();

    /// Bucket of all workspaces; made at first use.
    @WithDefault("gyre")
    String bucket();

    /// Region that requests are signed for.
    @WithDefault("us-east-1")
    String region();
}
