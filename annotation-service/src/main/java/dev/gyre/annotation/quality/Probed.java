package dev.gyre.annotation.quality;

/// How somebody answered what is known, or was asked twice.
///
/// @param annotatorKind what stands behind the annotator
/// @param kind `GOLD` or `REPEAT`
record Probed(String annotator, String annotatorKind, String kind, int answered, int passed) {}
