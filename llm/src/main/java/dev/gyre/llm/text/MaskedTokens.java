package dev.gyre.llm.text;

import dev.gyre.llm.text.jinja.Span;
import java.util.List;

/// A text as tokens, with what of them is to be learned: the labels are the ids where `learned` holds,
/// −100 elsewhere.
///
/// @param learned whether each token is to be foreseen
/// @param spans the characters that each token stands for; empty for tokens set around the text
public record MaskedTokens(String text, List<Long> ids, List<Boolean> learned, List<Span> spans) {

    public MaskedTokens {
        ids = List.copyOf(ids);
        learned = List.copyOf(learned);
        spans = List.copyOf(spans);
        if (ids.size() != learned.size() || ids.size() != spans.size()) {
            throw new IllegalArgumentException("%d ids, %d marks and %d spans; must be as many of each"
                    .formatted(ids.size(), learned.size(), spans.size()));
        }
    }

    public int length() {
        return ids.size();
    }

    /// Number of tokens to be foreseen; the first token never is.
    public int targets() {
        return (int) learned.stream().skip(1).filter(each -> each).count();
    }
}
