package dev.gyre.registry.version;

import org.jspecify.annotations.Nullable;

/// What a publisher says of an imported model.
///
/// @param license identifier as the Hub knows it, such as `apache-2.0`
/// @param baseModel what it was made from, such as `babylm/babyllama-100m`
/// @param dataset what it was trained on
/// @param description Markdown
record CardNotes(
        @Nullable String license,
        @Nullable String baseModel,
        @Nullable String dataset,
        @Nullable String description) {

    static final CardNotes NONE = new CardNotes(null, null, null, null);
}
