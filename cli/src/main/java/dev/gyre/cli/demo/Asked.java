package dev.gyre.cli.demo;

import dev.gyre.cli.scenario.Scenario;
/// A project as it stands at annotation.
///
/// @param name in the scenario; that of a control says so
/// @param control whether the judgements in it are shuffled
record Asked(String id, String name, boolean control, Scenario.Project project, Intake intake) {}
