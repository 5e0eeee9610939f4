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
    /// @param ranking best first, ties together; empty where nothing was ranked
    /// @param edits candidates made better
    record Voice(
            String judgement,
            @Nullable String value,
            int strength,
            @Nullable ArtifactRef text,
            List<List<String>> ranking,
            List<Edit> edits) {

        public Voice {
            ranking = ranking.stream().map(List::copyOf).toList();
            edits = List.copyOf(edits);
        }

        Voice(String judgement, @Nullable String value, int strength, @Nullable ArtifactRef text) {
            this(judgement, value, strength, text, List.of(), List.of());
        }

        /// The place of a candidate in the ranking, from 0, ties together.
        int place(String candidate) {
            for (int place = 0; place < ranking.size(); place++) {
                if (ranking.get(place).contains(candidate)) {
                    return place;
                }
            }
            throw new IllegalStateException("judgement %s does not rank '%s'".formatted(judgement, candidate));
        }
    }

    /// @param candidate id of the candidate that was made better
    record Edit(String candidate, ArtifactRef text) {}

    List<String> judgements() {
        return voices.stream().map(Voice::judgement).toList();
    }
}
