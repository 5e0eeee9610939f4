package dev.gyre.ingest.upload;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One file that was sent, and what became of its rows: offered = accepted + refused.
///
/// @param finishedAt nothing while it runs, or where it was cut off: then the file is sent again
record Upload(
        UUID upload,
        UUID source,
        String name,
        String format,
        long bytes,
        long offered,
        long accepted,
        long refused,
        Map<String, Long> reasons,
        Instant startedAt,
        @Nullable Instant finishedAt) {

    Upload {
        reasons = Map.copyOf(reasons);
    }
}
