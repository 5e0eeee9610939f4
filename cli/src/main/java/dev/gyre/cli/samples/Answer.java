package dev.gyre.cli.samples;

/// What the desk says.
///
/// @param quality 0 to 1; known because the world made the answer, and seen by simulated annotators only
record Answer(String text, double quality) {}
