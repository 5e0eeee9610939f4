package dev.gyre.annotation.judgement;

import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.artifacts.Digests;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Understands the answers to a task; each refusal names the question, the field, and what would fit.
///
/// @param sample the text of the task, read only where an answer points into it
record AnswerReader(List<Candidate> candidates, Supplier<SampleDocument> sample) {

    private static final int MOST_CHARACTERS = 100_000;
    private static final int MOST_SPANS = 10_000;

    AnswerReader {
        candidates = List.copyOf(candidates);
    }

    /// The answer that a form means.
    ///
    /// @param chosen what the questions before it say of the candidates, for an edit
    /// @throws IllegalArgumentException saying which field does not fit the question, and what would
    Answer read(Question question, AnswerForm form, @Nullable Answer chosen) {
        try {
            return switch (question.kind()) {
                case QuestionKind.Pairwise() -> preference(only(form, question, "choice", "strength", "bothBad"));
                case QuestionKind.Ranking() -> ranking(only(form, question, "ranking"));
                case QuestionKind.Rating rating when rating.each() -> ratings(rating, only(form, question, "ratings"));
                case QuestionKind.Rating rating ->
                    new Answer.Rated(rated(rating, "rating", only(form, question, "rating").rating()));
                case QuestionKind.Label(var labels) -> label(labels, only(form, question, "label"));
                case QuestionKind.Labels labels -> labels(labels, only(form, question, "labels"));
                case QuestionKind.Spans spans -> spans(spans, only(form, question, "spans"));
                case QuestionKind.Text() -> new Answer.Written(text(only(form, question, "text").text()));
                case QuestionKind.Demonstration() ->
                    new Answer.Demonstrated(text(only(form, question, "text").text()));
                case QuestionKind.Edit() -> edit(only(form, question, "candidate", "text"), chosen);
                case QuestionKind.Turns(var labels) -> turns(labels, only(form, question, "turns"));
            };
        } catch (IllegalArgumentException wrong) {
            throw question.name().equals(Question.ALONE)
                    ? wrong
                    : new IllegalArgumentException("answer to '%s': %s".formatted(question.name(), wrong.getMessage()));
        }
    }

    private static AnswerForm only(AnswerForm form, Question question, String... fields) {
        for (var field : form.given()) {
            if (!List.of(fields).contains(field)) {
                throw new IllegalArgumentException("%s does not belong to a %s question; leave it out"
                        .formatted(field, question.kind().type()));
            }
        }
        return form;
    }

    private List<String> ids() {
        return candidates.stream().map(Candidate::id).toList();
    }

    private Answer preference(AnswerForm given) {
        boolean bothBad = Boolean.TRUE.equals(given.bothBad());
        if (given.choice() != null) {
            if (bothBad) {
                throw new IllegalArgumentException("bothBad and choice exclude each other; send one of them");
            }
            int strength = given.strength() == null ? 1 : given.strength();
            if (strength < 1 || strength > 3) {
                throw new IllegalArgumentException(
                        "strength is %d with a choice, must be 1 to 3; leave out the choice and send 0 for a tie"
                                .formatted(strength));
            }
            return new Answer.Prefer(candidate("choice", given.choice()), strength);
        }
        if (bothBad) {
            return new Answer.BothBad();
        }
        if (given.strength() == null || given.strength() != 0) {
            throw new IllegalArgumentException(
                    "choice is missing: send choice with strength 1 to 3, or strength 0 for a tie, or bothBad true");
        }
        return new Answer.Tie();
    }

    private String candidate(String field, @Nullable String id) {
        if (id == null || !ids().contains(id)) {
            throw new IllegalArgumentException(
                    "%s is '%s', must be the id of a candidate: %s".formatted(field, id, ids()));
        }
        return id;
    }

    private Answer ranking(AnswerForm given) {
        var ranking = new ArrayList<List<String>>();
        var seen = new ArrayList<String>();
        for (var ties : given.ranking() == null ? List.<@Nullable List<@Nullable String>>of() : given.ranking()) {
            var place = ties == null
                    ? List.<String>of()
                    : ties.stream().map(id -> candidate("ranking", id)).sorted().toList();
            seen.addAll(place);
            ranking.add(place);
        }
        if (seen.size() != ids().size()
                || !new HashSet<>(seen).equals(new HashSet<>(ids()))
                || ranking.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException(
                    "ranking is %s, must have each of %s once, best first, ties together: [[\"B\"],[\"A\",\"C\"]]"
                            .formatted(given.ranking(), ids()));
        }
        return new Answer.Ranked(ranking);
    }

    private static int rated(QuestionKind.Rating rating, String field, @Nullable Integer given) {
        if (given == null || given < rating.from() || given > rating.to()) {
            throw new IllegalArgumentException(
                    "%s is %s, must be %d to %d".formatted(field, given, rating.from(), rating.to()));
        }
        return given;
    }

    private Answer ratings(QuestionKind.Rating rating, AnswerForm given) {
        var ratings = new TreeMap<String, Integer>();
        if (given.ratings() != null) {
            given.ratings().forEach((id, value) -> ratings.put(candidate("ratings", id), rated(rating, "ratings." + id, value)));
        }
        if (ratings.size() < ids().size()) {
            throw new IllegalArgumentException("ratings has %s, must rate each of %s".formatted(ratings.keySet(), ids()));
        }
        return new Answer.RatedEach(ratings);
    }

    private static Answer label(List<String> labels, AnswerForm given) {
        return new Answer.Labelled(label("label", labels, given.label()));
    }

    private static String label(String field, List<String> labels, @Nullable String given) {
        if (given == null || !labels.contains(given)) {
            throw new IllegalArgumentException("%s is '%s', must be one of %s".formatted(field, given, labels));
        }
        return given;
    }

    private static Answer labels(QuestionKind.Labels question, AnswerForm given) {
        var labels = Objects.requireNonNullElse(given.labels(), List.<@Nullable String>of()).stream()
                .map(label -> label("labels", question.labels(), label))
                .distinct()
                .sorted(Comparator.comparing(question.labels()::indexOf))
                .toList();
        if (given.labels() == null || labels.size() < question.least() || labels.size() > question.most()) {
            throw new IllegalArgumentException("labels has %d labels, must have %d to %d"
                    .formatted(labels.size(), question.least(), question.most()));
        }
        return new Answer.LabelledAll(labels);
    }

    private Answer spans(QuestionKind.Spans question, AnswerForm given) {
        if (given.spans() == null || given.spans().size() > MOST_SPANS) {
            throw new IllegalArgumentException("spans is missing or longer than %d; send [] where nothing bears a label"
                    .formatted(MOST_SPANS));
        }
        var prompt = sample.get().prompt();
        int length = prompt.codePointCount(0, prompt.length());
        var spans = new ArrayList<Answer.Span>();
        for (var span : given.spans()) {
            if (span == null
                    || span.start() == null
                    || span.end() == null
                    || span.start() < 0
                    || span.end() <= span.start()
                    || span.end() > length) {
                throw new IllegalArgumentException(
                        "spans has %s, start and end must be within the prompt's %d characters (code points), end after start"
                                .formatted(span, length));
            }
            spans.add(new Answer.Span(span.start(), span.end(), label("spans.label", question.labels(), span.label())));
        }
        spans.sort(Comparator.comparingInt(Answer.Span::start)
                .thenComparingInt(Answer.Span::end)
                .thenComparing(Answer.Span::label));
        for (int i = 1; i < spans.size() && !question.overlap(); i++) {
            if (spans.get(i).start() < spans.get(i - 1).end()) {
                throw new IllegalArgumentException(
                        "spans %s and %s overlap, which this question does not allow".formatted(spans.get(i - 1), spans.get(i)));
            }
        }
        return new Answer.Marked(spans.stream().distinct().toList());
    }

    private Answer edit(AnswerForm given, @Nullable Answer chosen) {
        var id = given.candidate() == null && ids().size() == 1
                ? ids().getFirst()
                : candidate("candidate", given.candidate());
        var allowed = best(chosen);
        if (!allowed.isEmpty() && !allowed.contains(id)) {
            throw new IllegalArgumentException("candidate is '%s', must be the one chosen before: %s".formatted(id, allowed));
        }
        var text = text(given.text());
        var before = candidates.get(ids().indexOf(id)).text();
        if (before.sha256().equals(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)))) {
            throw new IllegalArgumentException("text is the candidate unchanged; change it, or leave the answer out");
        }
        return new Answer.Edited(id, text);
    }

    /// Those that stand first; none where nothing was said of them.
    private static Set<String> best(@Nullable Answer chosen) {
        if (chosen instanceof Answer.Prefer(var choice, var _)) {
            return Set.of(choice);
        }
        return chosen instanceof Answer.Ranked(var ranking) ? Set.copyOf(ranking.getFirst()) : Set.of();
    }

    private Answer turns(List<String> labels, AnswerForm given) {
        if (given.turns() == null || given.turns().isEmpty()) {
            throw new IllegalArgumentException("turns is empty, must judge or rewrite one turn at least");
        }
        int count = sample.get().messages().size();
        var turns = new TreeMap<Integer, Answer.Turn>();
        for (var turn : given.turns()) {
            if (turn == null || turn.turn() == null || turn.turn() < 0 || turn.turn() >= count) {
                throw new IllegalArgumentException(
                        "turns has %s, turn must be 0 to %d, a place in the conversation".formatted(turn, count - 1));
            }
            if (turn.label() == null && turn.rewrite() == null) {
                throw new IllegalArgumentException("turn %d has neither label nor rewrite".formatted(turn.turn()));
            }
            var label = turn.label() == null ? null : label("turns.label", labels, turn.label());
            var rewrite = turn.rewrite() == null ? null : text(turn.rewrite());
            if (turns.put(turn.turn(), new Answer.Turn(turn.turn(), label, rewrite)) != null) {
                throw new IllegalArgumentException("turns has turn %d twice".formatted(turn.turn()));
            }
        }
        return new Answer.Turned(List.copyOf(turns.values()));
    }

    private static String text(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("text is empty, must be the answer that you would give");
        }
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "text has %d characters, at most %d".formatted(text.length(), MOST_CHARACTERS));
        }
        return text;
    }
}
