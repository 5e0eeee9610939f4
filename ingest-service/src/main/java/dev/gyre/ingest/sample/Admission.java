package dev.gyre.ingest.sample;

import dev.gyre.events.SampleDocument;
import org.jspecify.annotations.Nullable;

/// What the rule says of one row.
public sealed interface Admission {

    /// @param externalId the row's own id, where it has one
    /// @param fingerprint SHA-256 of the text without its metadata: the same for the same text
    record Admitted(
            @Nullable String externalId,
            String slice,
            @Nullable String subject,
            SampleDocument document,
            String fingerprint)
            implements Admission {}

    /// @param detail what was found and what to do, without the text itself
    record Refused(Reason reason, String detail) implements Admission {}
}
