package dev.gyre.annotation.dataset;

import dev.gyre.annotation.dataset.JudgedItem.Ruling;
import dev.gyre.annotation.dataset.JudgedItem.Voice;
import dev.gyre.annotation.dataset.PlannedRow.Edited;
import dev.gyre.annotation.dataset.PlannedRow.Labelled;
import dev.gyre.annotation.dataset.PlannedRow.Preference;
import dev.gyre.annotation.dataset.PlannedRow.Skipped;
import dev.gyre.annotation.dataset.PlannedRow.Supervised;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.DatasetEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Which rows stand where in a data set: the same judgements and the same split give the same plan.
///
/// @param skipped how many tasks give no row, by reason
record FreezePlan(List<PlannedRow> train, List<PlannedRow> heldOut, Map<String, Integer> skipped) {

    FreezePlan {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
        skipped = Map.copyOf(skipped);
    }

    /// @param items in an order that does not change
    static FreezePlan of(Kind kind, Question question, HeldOutSplit split, List<JudgedItem> items) {
        var skipped = new TreeMap<String, Integer>();
        var rows = new ArrayList<PlannedRow>();
        for (var item : items) {
            for (var row : PlannedRow.of(kind, question, item)) {
                if (row instanceof Skipped(var reason)) {
                    skipped.merge(reason, 1, Integer::sum);
                } else {
                    rows.add(row);
                }
            }
        }
        var heldOut =
                split.heldOut(rows.stream().map(row -> item(row).promptSha256()).toList());
        rows.sort(Comparator.comparing(row -> split.rank(item(row).promptSha256())));
        return new FreezePlan(
                rows.stream()
                        .filter(row -> !heldOut.contains(item(row).promptSha256()))
                        .toList(),
                rows.stream()
                        .filter(row -> heldOut.contains(item(row).promptSha256()))
                        .toList(),
                skipped);
    }

    /// Every judgement in the data set, in the order of the rows: first those to learn from.
    List<String> judgements() {
        return Stream.concat(train.stream(), heldOut.stream())
                .flatMap(row -> judgements(row).stream())
                .distinct()
                .toList();
    }

    /// Every decision of a reviewer in the data set, in the order of the rows.
    List<String> adjudications() {
        return Stream.concat(train.stream(), heldOut.stream())
                .flatMap(row -> adjudication(row).stream())
                .distinct()
                .toList();
    }

    /// The decision of a reviewer that made a row what it is.
    static Optional<String> adjudication(PlannedRow row) {
        return switch (row) {
            case Preference _, Labelled _ -> item(row).ruling().map(Ruling::id);
            case Supervised(var item, var voice, var _) -> chosen(item, voice);
            case Edited(var item, var voice, var _, var _) -> chosen(item, voice);
            case Skipped _ -> Optional.empty();
        };
    }

    private static Optional<String> chosen(JudgedItem item, Voice voice) {
        return item.ruling().filter(ruling -> ruling.voice().equals(voice)).map(Ruling::id);
    }

    static List<String> judgements(PlannedRow row) {
        return switch (row) {
            case Preference preference -> preference.item().judgements();
            case Labelled labelled -> labelled.item().judgements();
            case Supervised supervised -> List.of(supervised.voice().judgement());
            case Edited edited -> List.of(edited.voice().judgement());
            case Skipped ignored -> List.of();
        };
    }

    private static JudgedItem item(PlannedRow row) {
        return switch (row) {
            case Preference preference -> preference.item();
            case Labelled labelled -> labelled.item();
            case Supervised supervised -> supervised.item();
            case Edited edited -> edited.item();
            case Skipped(var reason) -> throw new IllegalStateException("a skipped task is no row: " + reason);
        };
    }
}
