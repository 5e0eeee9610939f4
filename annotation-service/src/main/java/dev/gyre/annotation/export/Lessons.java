package dev.gyre.annotation.export;

import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.export.Dossier.Option;
import dev.gyre.annotation.export.Dossier.Said;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.export.Lesson.Completion;
import dev.gyre.annotation.export.Lesson.Pair;
import dev.gyre.annotation.export.Lesson.Prompt;
import dev.gyre.annotation.export.Lesson.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Finds what a model can learn: pairs, good answers and verdicts.
///
/// @param question the question that says which candidate is better; edits, demonstrations and rewritten turns count
/// whatever their question
record Lessons(String question, Aggregate aggregate) {

    /// Answers of which one is better: by the question, and everything that was made better beside what it was before.
    List<Pair> pairs(Dossier dossier) {
        var pairs = new ArrayList<Pair>();
        for (var voices : aggregate.groups(dossier.voices())) {
            compared(dossier, voices).ifPresent(pairs::add);
            ranked(dossier, voices, pairs);
            pairs.addAll(improved(dossier, voices));
        }
        return pairs.stream()
                .filter(pair -> !pair.chosen().isBlank() && !pair.chosen().equals(pair.rejected()))
                .toList();
    }

    /// What people wrote anew, each beside what it was before.
    private static List<Pair> improved(Dossier dossier, List<Voice> voices) {
        var pairs = new ArrayList<Pair>();
        for (var voice : voices) {
            for (var edit : voice.answers("EDIT")) {
                before(dossier, edit)
                        .ifPresent(before -> pairs.add(
                                new Pair(prompt(dossier), edit.text(), before.text(), 1, List.of(voice))));
            }
            rewritten(dossier, voice, pairs);
        }
        return pairs;
    }

    private Optional<Pair> compared(Dossier dossier, List<Voice> voices) {
        var said = said(voices, "PAIRWISE");
        var majority = Majority.of(values(said));
        if (majority.isEmpty() || dossier.options().size() != 2) {
            return Optional.empty();
        }
        var winner = majority.get().value();
        var first = dossier.options().getFirst();
        var second = dossier.options().getLast();
        if (!winner.equals(first.id()) && !winner.equals(second.id())) {
            return Optional.empty();
        }
        int strength = (int) Math.round(said.stream()
                .filter(answer -> winner.equals(answer.value()))
                .mapToInt(answer -> answer.json().path("strength").asInt(1))
                .average()
                .orElse(1));
        return Optional.of(
                winner.equals(first.id())
                        ? new Pair(prompt(dossier), first.text(), second.text(), strength, voices)
                        : new Pair(prompt(dossier), second.text(), first.text(), strength, voices));
    }

    private List<Said> said(List<Voice> voices, String type) {
        return voices.stream()
                .flatMap(voice -> voice.answer(question).stream())
                .filter(answer -> answer.type().equals(type))
                .toList();
    }

    private static List<String> values(List<Said> said) {
        return said.stream()
                .map(answer -> Objects.requireNonNull(answer.value()))
                .toList();
    }

    private void ranked(Dossier dossier, List<Voice> voices, List<Pair> pairs) {
        var rankings = said(voices, "RANKING");
        var options = dossier.options();
        for (int one = 0; one < options.size() && !rankings.isEmpty(); one++) {
            for (int other = one + 1; other < options.size(); other++) {
                var first = options.get(one);
                var second = options.get(other);
                int order = order(rankings, first, second);
                if (order != 0) {
                    pairs.add(new Pair(
                            prompt(dossier),
                            (order < 0 ? first : second).text(),
                            (order < 0 ? second : first).text(),
                            1,
                            voices));
                }
            }
        }
    }

    /// Below 0 where most put the first before the second, above 0 where most do the contrary.
    private static int order(List<Said> rankings, Option first, Option second) {
        return Majority.of(rankings.stream()
                        .map(ranking -> Integer.toString(
                                Integer.compare(ranking.place(first.id()), ranking.place(second.id()))))
                        .toList())
                .map(majority -> Integer.parseInt(majority.value()))
                .orElse(0);
    }

    private static Optional<Option> before(Dossier dossier, Said edit) {
        return dossier.option(edit.json().path("candidate").asText());
    }

    private static void rewritten(Dossier dossier, Voice voice, List<Pair> pairs) {
        var messages = dossier.document().messages();
        for (var answer : voice.answers("TURNS")) {
            for (var turn : answer.json().path("turns")) {
                int place = turn.path("turn").asInt();
                if (turn.hasNonNull("rewrite") && place < messages.size()) {
                    pairs.add(new Pair(
                            new Prompt(dossier.document().prompt(), messages.subList(0, place)),
                            turn.path("rewrite").asText(),
                            messages.get(place).content(),
                            1,
                            List.of(voice)));
                }
            }
        }
    }

    /// Good answers: those that people wrote or made better, and the candidate that they found best.
    List<Completion> completions(Dossier dossier) {
        var completions = new ArrayList<Completion>();
        for (var voices : aggregate.groups(dossier.voices())) {
            for (var voice : voices) {
                for (var written : voice.answers("DEMONSTRATION")) {
                    completions.add(new Completion(prompt(dossier), written.text(), List.of(voice)));
                }
            }
            improved(dossier, voices)
                    .forEach(pair -> completions.add(new Completion(pair.prompt(), pair.chosen(), pair.voices())));
            if (voices.stream().allMatch(voice -> voice.answers("EDIT").isEmpty())) {
                best(dossier, voices)
                        .ifPresent(best -> completions.add(new Completion(prompt(dossier), best, voices)));
            }
        }
        return completions.stream()
                .filter(completion -> !completion.text().isBlank())
                .toList();
    }

    /// The candidate that stands before all others.
    private Optional<String> best(Dossier dossier, List<Voice> voices) {
        var compared = compared(dossier, voices);
        if (compared.isPresent()) {
            return Optional.of(compared.get().chosen());
        }
        var rankings = said(voices, "RANKING");
        return rankings.isEmpty()
                ? Optional.empty()
                : dossier.options().stream()
                        .filter(option -> dossier.options().stream()
                                .allMatch(other -> other.equals(option) || order(rankings, option, other) < 0))
                        .map(Option::text)
                        .findFirst();
    }

    /// Every answer of which people said that it is good or not: of a pair both, of a ranking the first and the last.
    List<Verdict> verdicts(Dossier dossier) {
        var verdicts = new ArrayList<Verdict>();
        for (var voices : aggregate.groups(dossier.voices())) {
            bothBad(dossier, voices, verdicts);
            ends(dossier, voices, verdicts);
            compared(dossier, voices).ifPresent(pair -> both(pair, verdicts));
            improved(dossier, voices).forEach(pair -> both(pair, verdicts));
            for (var voice : voices) {
                for (var written : voice.answers("DEMONSTRATION")) {
                    verdicts.add(new Verdict(prompt(dossier), written.text(), true, List.of(voice)));
                }
            }
        }
        return verdicts;
    }

    private static void both(Pair pair, List<Verdict> verdicts) {
        verdicts.add(new Verdict(pair.prompt(), pair.chosen(), true, pair.voices()));
        verdicts.add(new Verdict(pair.prompt(), pair.rejected(), false, pair.voices()));
    }

    private void bothBad(Dossier dossier, List<Voice> voices, List<Verdict> verdicts) {
        var majority = Majority.of(values(said(voices, "PAIRWISE")));
        if (majority.map(Majority::value).filter(Majority.BAD::equals).isPresent()) {
            dossier.options()
                    .forEach(option -> verdicts.add(new Verdict(prompt(dossier), option.text(), false, voices)));
        }
    }

    private void ends(Dossier dossier, List<Voice> voices, List<Verdict> verdicts) {
        var rankings = said(voices, "RANKING");
        if (rankings.isEmpty()) {
            return;
        }
        for (var option : dossier.options()) {
            var orders = dossier.options().stream()
                    .filter(other -> !other.equals(option))
                    .map(other -> order(rankings, option, other))
                    .toList();
            if (orders.stream().allMatch(order -> order < 0) || orders.stream().allMatch(order -> order > 0)) {
                verdicts.add(new Verdict(prompt(dossier), option.text(), orders.getFirst() < 0, voices));
            }
        }
    }

    private static Prompt prompt(Dossier dossier) {
        return new Prompt(
                dossier.document().prompt(), dossier.document().messages());
    }
}
