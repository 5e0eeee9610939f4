package dev.gyre.registry.promotion;

import dev.gyre.registry.version.VersionState.Champion;
import dev.gyre.registry.version.VersionState.Rejected;

/// What a verdict does to the version that it is about.
sealed interface Decision {

    record Promote(Champion next) implements Decision {}

    record Reject(Rejected next) implements Decision {}

    /// Nothing moves.
    record Keep(String why) implements Decision {}
}
