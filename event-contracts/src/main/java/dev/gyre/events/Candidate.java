package dev.gyre.events;

import org.jspecify.annotations.Nullable;

/// One of the answers that a preference is about.
///
/// @param id name inside the task, such as `A`
/// @param model the version that wrote it, unknown for recorded answers
/// @param text UTF-8 text
public record Candidate(String id, @Nullable ModelVersion model, ArtifactRef text) {}
