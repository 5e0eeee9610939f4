package dev.gyre.eval.monitor;

import dev.gyre.eval.embedding.Embedding;
import dev.gyre.events.InteractionEvent.InteractionRecorded;

/// An interaction that was read.
///
/// @param position its place in the traffic
/// @param cause the story that it belongs to
/// @param embedder what made the embedding
/// @param embedding its prompt
record Interaction(
        long position,
        InteractionRecorded recorded,
        String cause,
        String embedder,
        Embedding embedding,
        Traits prompt,
        Traits answer) {}
