package dev.gyre.annotation.dataset;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task with the judgements that stand at the moment of a freeze.
///
/// @param promptSha256 digest of the prompt's text
/// @param content the sample, a document as JSON
record JudgedItem(
        String task,
        String promptSha256,
        String slice,
        ArtifactRef content,
        List<Candidate> candidates,
        List<Voice> voices) {

    JudgedItem {
        candidates = List.copyOf(candidates);
        voices = List.copyOf(voices);
    }

    /// One judgement.
    ///
    /// @param value what it comes to, as it is counted
    /// @param strength −3…3 for a pair
    /// @param text the annotator's own answer
    record Voice(
            String judgement,
            @Nullable String value,
            int strength,
            @Nullable ArtifactRef text) {}

    List<String> judgements() {
        return voices.stream().map(Voice::judgement).toList();
    }
}
