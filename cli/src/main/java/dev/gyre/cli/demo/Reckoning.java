package dev.gyre.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.cli.demo.Circle.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts together what a demo came to, and says whether the expectations of its scenario came true.
record Reckoning(Outcome outcome, List<Report.Stage> stages, double wallSeconds) {

    Report report() {
        var scenario = outcome.scenario();
        var unmet = unmet();
        return new Report(
                scenario.name(),
                Math.round(wallSeconds * 10) / 10.0,
                stages,
                samples(),
                judgements(),
                outcome.frozen().stream().map(Frozen::report).toList(),
                outcome.trained().stream().map(Trained::report).toList(),
                outcome.trained().stream()
                        .flatMap(trained -> trained.evaluations(suites()).stream())
                        .toList(),
                controls(),
                outcome.shifted() == null ? List.of() : List.of(outcome.shifted().drift()),
                outcome.shifted() == null ? null : outcome.shifted().recovery(),
                outcome.steady(),
                outcome.models(),
                outcome.facts(),
                outcome.books().lost(),
                outcome.books().duplicated(),
                outcome.books().pages(),
                outcome.answers(),
                unmet.isEmpty(),
                unmet);
    }

    /// What did not come true, in whole sentences.
    List<String> unmet() {
        var unmet = new ArrayList<String>();
        for (var trained : outcome.trained()) {
            var name = trained.dataset().turn().name();
            if (trained.dataset().control() && trained.promoted()) {
                unmet.add("The control of '%s' learned from %s and was promoted all the same."
                        .formatted(name, trained.dataset().judgements()));
            }
            if (!trained.dataset().control() && trained.dataset().turn().mustBePromoted() && !trained.promoted()) {
                unmet.add("'%s' was expected to be promoted and is %s: %s"
                        .formatted(name, trained.state(), String.join(" ", trained.reasons())));
            }
        }
        for (var control : controls()) {
            if (Boolean.FALSE.equals(control.named())) {
                unmet.add("The control of '%s' learned from %s, and %s is not the only one in doubt: %s."
                        .formatted(control.turn(), control.learnedFrom(), control.annotator(), control.doubts()));
            }
        }
        if (outcome.models().stream().noneMatch(Report.Model::pulled)) {
            unmet.add("The champion's weights were not pulled with the digest that is registered.");
        }
        var shifted = outcome.shifted();
        if (shifted != null && outcome.scenario().shift() != null && outcome.scenario().shift().mustRecover()) {
            if (shifted.recovery().recovered() < 0.5) {
                unmet.add("Less than half of what the drift cost came back: %s."
                        .formatted(shifted.recovery().sentence()));
            }
            if (shifted.recovery().forgotten() > 0.02) {
                unmet.add("The past became worse by more than 2 %%: %s."
                        .formatted(shifted.recovery().sentence()));
            }
        }
        var steady = outcome.steady();
        if (steady != null && (steady.alarms().size() > 1 || steady.trainings() > 0)) {
            unmet.add("Nothing changed, and yet there were %d alarms and %d trainings: %s"
                    .formatted(steady.alarms().size(), steady.trainings(), String.join(" ", steady.alarms())));
        }
        for (var page : outcome.books().pages()) {
            if (page.lost() + page.duplicated() > 0) {
                unmet.add("%s: lost %d, duplicated %d, such as %s."
                        .formatted(page.place(), page.lost(), page.duplicated(), page.examples()));
            }
        }
        return unmet;
    }

    private List<Report.Control> controls() {
        return outcome.trained().stream()
                .filter(trained -> trained.dataset().control())
                .map(this::control)
                .toList();
    }

    private Report.Control control(Trained trained) {
        var dataset = trained.dataset();
        var flipped = dataset.from().flipped();
        var annotator = flipped == null ? null : outcome.pseudonyms().get(flipped);
        return new Report.Control(
                dataset.turn().name(),
                dataset.judgements(),
                flipped,
                annotator,
                annotator == null ? null : dataset.doubts("annotator").equals(List.of(annotator)),
                dataset.doubts("reason"),
                trained.report().version(),
                trained.verdict(),
                trained.promoted());
    }

    private Report.Samples samples() {
        var reasons = new TreeMap<String, Long>();
        outcome.intakes()
                .values()
                .forEach(
                        intake -> intake.reasons().forEach((reason, count) -> reasons.merge(reason, count, Long::sum)));
        return new Report.Samples(
                outcome.intakes().values().stream()
                        .mapToLong(intake -> intake.rows().offered())
                        .sum(),
                outcome.intakes().values().stream()
                        .mapToLong(intake -> intake.accepted().size())
                        .sum(),
                outcome.intakes().values().stream()
                        .mapToLong(intake -> intake.refused().size())
                        .sum(),
                reasons);
    }

    private Report.Judgements judgements() {
        var accounts = new HashSet<String>();
        var agreements = new ArrayList<Report.Agreement>();
        long recorded = 0;
        for (var asked : outcome.asked()) {
            var judging = outcome.judgings().get(asked.id());
            var sent = judging == null ? List.<Submitted>of() : judging.submitted();
            sent.forEach(judgement -> accounts.add(judgement.account()));
            recorded += sent.size();
            agreements.add(new Report.Agreement(
                    asked.name(), sent.size(), alpha(outcome.agreements().get(asked.id()))));
        }
        var overlapping = outcome.asked().stream()
                .filter(asked -> !asked.control() && asked.project().answersPerItem() > 1)
                .map(asked -> alpha(outcome.agreements().get(asked.id())))
                .toList();
        return new Report.Judgements(
                recorded, accounts.size(), overlapping.isEmpty() ? null : overlapping.getFirst(), agreements);
    }

    private static @Nullable Double alpha(@Nullable JsonNode agreement) {
        return agreement != null && agreement.path("krippendorffAlpha").isNumber()
                ? Double.valueOf(agreement.path("krippendorffAlpha").asDouble())
                : null;
    }

    private Map<String, String> suites() {
        return outcome.frozen().stream().collect(Collectors.toMap(Frozen::id, Frozen::name));
    }
}
