package dev.gyre.registry.promotion;

import dev.gyre.events.ModelVersion;
import dev.gyre.registry.version.VersionState.Champion;
import dev.gyre.registry.version.VersionState.Rejected;

/// What a verdict, or people's ratings, do to the version that they are about.
sealed interface Decision {

    record Promote(Champion next) implements Decision {}

    record Reject(Rejected next) implements Decision {}

    /// The champion makes way for the version before it.
    record RollBack(ModelVersion to, Champion restored, String reason) implements Decision {}

    /// Nothing moves.
    record Keep(String why) implements Decision {}
}
