package dev.gyre.cli.demo;

import dev.gyre.cli.scenario.Scenario;
import org.jspecify.annotations.Nullable;

/// A project as it stands at annotation.
///
/// @param name in the scenario; that of a control says so
/// @param control whether the judgements in it are spoilt on purpose
/// @param flipped the account whose judgements are turned round; missing where everybody's are shuffled, or none are spoilt
record Asked(
        String id,
        String name,
        boolean control,
        @Nullable String flipped,
        Scenario.Project project,
        Intake intake) {}
