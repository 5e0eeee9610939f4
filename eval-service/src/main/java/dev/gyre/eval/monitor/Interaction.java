package dev.gyre.eval.monitor;

import dev.gyre.events.InteractionEvent.InteractionRecorded;

/// An interaction that was read.
///
/// @param position its place in the traffic
/// @param cause the story that it belongs to
/// @param embedder what made the embedding
/// @param embedding its prompt as a vector of length 1
record Interaction(
        long position,
        InteractionRecorded recorded,
        String cause,
        String embedder,
        float[] embedding,
        Traits prompt,
        Traits answer) {}
