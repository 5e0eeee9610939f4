package dev.gyre.ingest.sample;

/// Why a row did not become a sample.
public enum Reason {
    /// The line or element is no JSON object.
    BROKEN_JSON("broken-json"),
    /// The record has more or fewer fields than the header.
    BROKEN_CSV("broken-csv"),
    /// Some of its bytes are not UTF-8.
    BROKEN_UTF8("broken-utf8"),
    MISSING_COLUMN("missing-column"),
    /// A value that should be text is something else, such as JSON's `true`.
    NOT_TEXT("not-text"),
    /// The turns of a conversation are not what turns are.
    BROKEN_CONVERSATION("broken-conversation"),
    /// Nothing is left after cleaning.
    EMPTY("empty"),
    TOO_LONG("too-long"),
    /// All candidates say the same: there is nothing to choose.
    IDENTICAL_CANDIDATES("identical-candidates"),
    /// The source has this very text already.
    DUPLICATE("duplicate"),
    /// The source has another text under this id.
    ID_TAKEN("id-taken");

    private final String word;

    Reason(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
