package dev.gyre.ingest.source;

import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.json.Json;

/// A stream of rows of one kind.
public record Source(
        UUID id,
        String workspace,
        String name,
        @Json Mapping mapping,
        @Json Limits limits,
        Instant createdAt) {}
