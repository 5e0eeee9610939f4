package dev.gyre.annotation.dataset;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A task with the judgements that stand at the moment of a freeze.
///
/// @param promptSha256 digest of the prompt's text
/// @param content the sample, a document as JSON
/// @param ruling what a reviewer decided
record JudgedItem(
        String task,
        String promptSha256,
        String slice,
        ArtifactRef content,
        List<Candidate> candidates,
        List<Voice> voices,
        Optional<Ruling> ruling) {

    JudgedItem {
        candidates = List.copyOf(candidates);
        voices = List.copyOf(voices);
    }

    JudgedItem(
            String task,
            String promptSha256,
            String slice,
            ArtifactRef content,
            List<Candidate> candidates,
            List<Voice> voices) {
        this(task, promptSha256, slice, content, candidates, voices, Optional.empty());
    }

    /// What a reviewer decided.
    ///
    /// @param id of the adjudication
    /// @param voice the judgement that is taken for right, or what the reviewer said instead
    record Ruling(String id, Voice voice) {}

    /// Those whose majority counts: everybody, or what a reviewer decided.
    List<Voice> deciding() {
        return ruling.map(decided -> List.of(decided.voice())).orElse(voices);
    }

    /// Those whose own texts make rows: where a reviewer names the judgement that is right, its alone.
    List<Voice> writing() {
        return ruling.map(Ruling::voice)
                .filter(voices::contains)
                .map(List::of)
                .orElse(voices);
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
