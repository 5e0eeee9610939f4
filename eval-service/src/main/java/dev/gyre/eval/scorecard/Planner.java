package dev.gyre.eval.scorecard;

import dev.gyre.artifacts.ArtifactStore;
import dev.gyre.eval.gate.Findings.Target.Missing;
import dev.gyre.eval.model.KnownVersion;
import dev.gyre.eval.model.VersionStore;
import dev.gyre.eval.suite.Suite;
import dev.gyre.eval.suite.SuiteStore;
import dev.gyre.events.DatasetEvent.Purpose;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Chooses the suites: the held-out part of the candidate's own data set, and those of every training data set that
/// earlier versions of the same model learned from. A control guards nothing, and neither do judgements in doubt.
final class Planner {

    private final ArtifactStore artifacts;
    private final VersionStore versions;
    private final SuiteStore suites;

    Planner(ArtifactStore artifacts, VersionStore versions, SuiteStore suites) {
        this.artifacts = artifacts;
        this.versions = versions;
        this.suites = suites;
    }

    /// @param own the suite of the candidate's data set, missing where it names none
    /// @param look how often candidates were examined on it, this time included
    Plan plan(KnownVersion candidate, @Nullable Suite own, int look) {
        var past = new ArrayList<Suite>();
        var pastMissing = new ArrayList<Missing>();
        for (var dataset : versions.earlierDatasets(candidate.workspace(), candidate.model())) {
            var suite = suites.find(candidate.workspace(), dataset).orElse(null);
            if (suite == null) {
                pastMissing.add(new Missing("Data set %s of an earlier version is not known here, so nothing guards it."
                        .formatted(dataset)));
            } else if (isGuard(suite, candidate)) {
                doubtful(suite)
                        .or(() -> unreadable(suite))
                        .ifPresentOrElse(pastMissing::add, () -> past.add(suite));
            }
        }
        var missing = own == null ? noDataset(candidate) : unreadable(own).orElse(null);
        var champion = champion(candidate);
        return new Plan(
                candidate,
                champion,
                missing == null ? own : null,
                missing,
                look,
                past,
                pastMissing,
                doubts(candidate, champion));
    }

    private @Nullable KnownVersion champion(KnownVersion candidate) {
        return versions.champion(candidate.workspace(), candidate.model().name())
                .filter(champion -> !champion.model().equals(candidate.model()))
                .orElse(null);
    }

    /// Of the data sets that it and its bases learned from, back to the champion.
    private List<String> doubts(KnownVersion candidate, @Nullable KnownVersion champion) {
        var doubts = new ArrayList<String>();
        var seen = new HashSet<KnownVersion>();
        for (@Nullable KnownVersion at = candidate; at != null && !at.equals(champion) && seen.add(at); ) {
            var dataset = at.registered().dataset();
            if (dataset != null) {
                suites.find(at.workspace(), dataset)
                        .map(Suite::frozen)
                        .ifPresent(frozen -> frozen.doubts()
                                .forEach(doubt -> doubts.add(
                                        "The judgements of data set '%s' are in doubt, so what learned from them does not pass by itself: %s"
                                                .formatted(frozen.name(), doubt.reason()))));
            }
            var base = at.registered().base();
            at = base == null ? null : versions.find(at.workspace(), base).orElse(null);
        }
        return doubts.stream().distinct().toList();
    }

    private static Optional<Missing> doubtful(Suite suite) {
        return suite.frozen().doubts().stream()
                .findFirst()
                .map(doubt -> new Missing("The judgements of '%s' are in doubt, so it guards nothing: %s"
                        .formatted(suite.frozen().name(), doubt.reason())));
    }

    private static boolean isGuard(Suite suite, KnownVersion candidate) {
        return suite.frozen().purpose() == Purpose.TRAINING
                && !suite.frozen().dataset().equals(candidate.registered().dataset());
    }

    private static Missing noDataset(KnownVersion candidate) {
        return new Missing(
                "%s names no data set that it was trained on, so there is nothing that it could be shown to be better at."
                        .formatted(candidate.model()));
    }

    private Optional<Missing> unreadable(Suite suite) {
        var name = suite.frozen().name();
        return artifacts.exists(suite.frozen().heldOut().rows())
                ? Optional.empty()
                : Optional.of(new Missing(
                        "The held-out rows of '%s' are gone, so nothing can be compared on them.".formatted(name)));
    }
}
