package dev.gyre.annotation.quality;

/// How somebody answered what is known, or was asked twice.
///
/// @param kind `GOLD` or `REPEAT`
record Probed(String annotator, String kind, int answered, int passed) {}
