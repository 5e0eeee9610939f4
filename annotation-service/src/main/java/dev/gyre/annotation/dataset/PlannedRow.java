package dev.gyre.annotation.dataset;

import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.dataset.JudgedItem.Voice;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.DatasetEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// A row that a judged task gives, before its texts are read; or why it gives none.
sealed interface PlannedRow {

    /// @param strength 1 to 3: how much better, on average of those who say so
    record Preference(JudgedItem item, Candidate chosen, Candidate rejected, int strength) implements PlannedRow {}

    record Labelled(JudgedItem item, String label) implements PlannedRow {}

    record Supervised(JudgedItem item, Voice voice, ArtifactRef text) implements PlannedRow {}

    /// @param reason one of a few words, for counting
    record Skipped(String reason) implements PlannedRow {}

    /// @param before the candidate as it was
    record Edited(JudgedItem item, Voice voice, Candidate before, ArtifactRef text) implements PlannedRow {}

    /// The rows of a kind that a judged task gives. Pairs and labels give one row by majority, with all judgements behind
    /// it; a ranking gives one for each two candidates; every demonstration and every edit is a row. What a reviewer
    /// decided takes the place of the majority, and a judgement that was named as right is the only one that writes rows.
    static List<PlannedRow> of(Kind kind, Question question, JudgedItem item) {
        return switch (kind) {
            case LABEL -> List.of(label(item));
            case PREFERENCE -> preferences(question, item);
            case SUPERVISED ->
                item.writing().stream()
                        .flatMap(voice -> Stream.concat(
                                question.kind() instanceof QuestionKind.Demonstration && voice.text() != null
                                        ? Stream.of(new Supervised(item, voice, voice.text()))
                                        : Stream.of(),
                                voice.edits().stream().map(edit -> new Supervised(item, voice, edit.text()))))
                        .<PlannedRow>map(row -> row)
                        .toList();
        };
    }

    private static List<PlannedRow> preferences(Question question, JudgedItem item) {
        var rows = new ArrayList<PlannedRow>();
        if (question.kind() instanceof QuestionKind.Pairwise) {
            rows.add(preference(item));
        } else if (question.kind() instanceof QuestionKind.Ranking) {
            for (int first = 0; first < item.candidates().size(); first++) {
                for (int second = first + 1; second < item.candidates().size(); second++) {
                    rows.add(ranked(
                            item, item.candidates().get(first), item.candidates().get(second)));
                }
            }
        }
        for (var voice : item.writing()) {
            for (var edit : voice.edits()) {
                rows.add(new Edited(item, voice, candidate(item, edit.candidate()), edit.text()));
            }
        }
        return rows;
    }

    private static Candidate candidate(JudgedItem item, String id) {
        return item.candidates().stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("task %s has no candidate '%s'".formatted(item.task(), id)));
    }

    /// Which of two candidates stands higher in most rankings.
    private static PlannedRow ranked(JudgedItem item, Candidate first, Candidate second) {
        var majority = Majority.of(item.deciding().stream()
                .map(voice -> {
                    int order = Integer.compare(voice.place(first.id()), voice.place(second.id()));
                    return order == 0 ? Majority.TIE : order < 0 ? first.id() : second.id();
                })
                .toList());
        if (majority.isEmpty()) {
            return new Skipped("no-majority");
        }
        var winner = majority.get().value();
        if (winner.equals(Majority.TIE)) {
            return new Skipped("tie");
        }
        return pair(item, winner.equals(first.id()) ? first : second, winner.equals(first.id()) ? second : first, 1);
    }

    private static PlannedRow pair(JudgedItem item, Candidate chosen, Candidate rejected, int strength) {
        if (chosen.text().sha256().equals(rejected.text().sha256())) {
            return new Skipped("identical-answers");
        }
        if (chosen.text().bytes() == 0) {
            return new Skipped("blank-answer-chosen");
        }
        return new Preference(item, chosen, rejected, strength);
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
        return winner.equals(first.id())
                ? pair(item, first, second, strength(item, winner))
                : pair(item, second, first, strength(item, winner));
    }

    private static int strength(JudgedItem item, String winner) {
        return (int) Math.round(item.deciding().stream()
                .filter(voice -> winner.equals(voice.value()))
                .mapToInt(voice -> Math.abs(voice.strength()))
                .average()
                .orElseThrow());
    }

    private static List<String> values(JudgedItem item) {
        return item.deciding().stream()
                .map(voice -> Objects.requireNonNull(voice.value()))
                .toList();
    }
}
