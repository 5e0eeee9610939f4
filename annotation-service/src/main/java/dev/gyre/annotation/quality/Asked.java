package dev.gyre.annotation.quality;

import dev.gyre.events.Candidate;
import java.util.List;

/// A task that was judged.
///
/// @param bytes of its sample, with the candidates that the source recorded
record Asked(String id, List<Candidate> candidates, long bytes) {

    Asked {
        candidates = List.copyOf(candidates);
    }

    /// How much there is to read: what a model wrote is not in the sample.
    long reading() {
        return bytes
                + candidates.stream()
                        .filter(candidate -> candidate.model() != null)
                        .mapToLong(candidate -> candidate.text().bytes())
                        .sum();
    }
}
