package dev.gyre.annotation.dataset;

import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.dataset.JudgedItem.Voice;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import java.util.List;
import java.util.Objects;

/// A row that a judged task gives, before its texts are read; or why it gives none.
sealed interface PlannedRow {

    /// @param strength 1 to 3: how much better, on average of those who say so
    record Preference(JudgedItem item, Candidate chosen, Candidate rejected, int strength) implements PlannedRow {}

    record Labelled(JudgedItem item, String label) implements PlannedRow {}

    record Supervised(JudgedItem item, Voice voice, ArtifactRef text) implements PlannedRow {}

    /// @param reason one of a few words, for counting
    record Skipped(String reason) implements PlannedRow {}

    /// Pairs and labels give one row by majority, with all judgements behind it; every demonstration is a row.
    static List<PlannedRow> of(Question question, JudgedItem item) {
        return switch (question) {
            case Question.Pairwise ignored -> List.of(preference(item));
            case Question.Label ignored -> List.of(label(item));
            case Question.Demonstration ignored ->
                item.voices().stream()
                        .<PlannedRow>map(voice -> new Supervised(item, voice, Objects.requireNonNull(voice.text())))
                        .toList();
        };
    }

    private static PlannedRow label(JudgedItem item) {
        return Majority.of(values(item))
                .<PlannedRow>map(majority -> new Labelled(item, majority.value()))
                .orElseGet(() -> new Skipped("no-majority"));
    }

    private static PlannedRow preference(JudgedItem item) {
        var majority = Majority.of(values(item));
        if (majority.isEmpty()) {
            return new Skipped("no-majority");
        }
        var winner = majority.get().value();
        if (winner.equals(Majority.TIE) || winner.equals(Majority.BAD)) {
            return new Skipped(winner.equals(Majority.TIE) ? "tie" : "both-bad");
        }
        var first = item.candidates().getFirst();
        var second = item.candidates().getLast();
        if (first.text().sha256().equals(second.text().sha256())) {
            return new Skipped("identical-answers");
        }
        var chosen = winner.equals(first.id()) ? first : second;
        if (chosen.text().bytes() == 0) {
            return new Skipped("blank-answer-chosen");
        }
        return new Preference(item, chosen, chosen.equals(first) ? second : first, strength(item, winner));
    }

    private static int strength(JudgedItem item, String winner) {
        return (int) Math.round(item.voices().stream()
                .filter(voice -> winner.equals(voice.value()))
                .mapToInt(voice -> Math.abs(voice.strength()))
                .average()
                .orElseThrow());
    }

    private static List<String> values(JudgedItem item) {
        return item.voices().stream()
                .map(voice -> Objects.requireNonNull(voice.value()))
                .toList();
    }
}
