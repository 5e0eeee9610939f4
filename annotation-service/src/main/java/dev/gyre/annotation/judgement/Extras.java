package dev.gyre.annotation.judgement;

import dev.gyre.events.ArtifactRef;
import org.jspecify.annotations.Nullable;

/// What is kept of a judgement beside its first answer.
///
/// @param kept every answer as a row, JSON
/// @param text the words of the first answer
/// @param edit the chosen candidate made better
/// @param all every answer, where the first one's fact does not say everything
/// @param comment why, in the annotator's words
/// @param activeMillis time in focus, 0 where it was not measured
record Extras(
        String kept,
        @Nullable ArtifactRef text,
        @Nullable ArtifactRef edit,
        @Nullable ArtifactRef all,
        @Nullable ArtifactRef comment,
        long activeMillis) {}
