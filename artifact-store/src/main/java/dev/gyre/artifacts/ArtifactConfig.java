package dev.gyre.artifacts;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

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

    /// How long to wait for a connection.
    @WithDefault("5S")
    Duration connectTimeout();

    /// How long the store may say or take nothing in the middle of a request; not the length of the whole request.
    @WithDefault("30S")
    Duration answerTimeout();
}
