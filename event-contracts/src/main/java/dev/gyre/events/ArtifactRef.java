package dev.gyre.events;

import java.net.URI;

/// Points to bytes too large or too personal for an event: a text, a data set, weights, a report.
///
/// @param location `s3://bucket/workspace/aa/sha256`
/// @param sha256 lower-case hex digest of the bytes, checked by whoever reads them
/// @param bytes length, 0 or more
public record ArtifactRef(URI location, String sha256, long bytes) {

    public ArtifactRef {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes of %s is %d, must be 0 or more".formatted(location, bytes));
        }
    }
}
