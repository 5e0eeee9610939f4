package dev.gyre.events;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The text of an accepted sample, the document behind [SampleEvent.SampleAccepted#content].
///
/// @param prompt what an answer is wanted to, or the text to be labelled
/// @param completion a known good answer, where the source has one
/// @param candidates answers to be compared, in the order of the source
/// @param metadata other columns of the row that were asked for
public record SampleDocument(
        String prompt, @Nullable String completion, List<String> candidates, Map<String, String> metadata) {

    public SampleDocument {
        candidates = List.copyOf(candidates);
        metadata = Map.copyOf(metadata);
    }
}
