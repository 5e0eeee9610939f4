package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gyre.annotation.agreement.Majority;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What one person says to one question.
sealed interface Answer {

    /// Between labels that are counted together; no label has it.
    String SEPARATOR = "\u001f";

    /// One answer is better.
    ///
    /// @param strength 1 slightly, 2 better, 3 much better
    record Prefer(String choice, int strength) implements Answer {}

    /// Neither answer is better.
    record Tie() implements Answer {}

    /// No answer is acceptable.
    record BothBad() implements Answer {}

    /// @param ranking best first, ties together
    record Ranked(List<List<String>> ranking) implements Answer {

        public Ranked {
            ranking = ranking.stream().map(List::copyOf).toList();
        }
    }

    record Rated(int rating) implements Answer {}

    /// @param ratings by candidate
    record RatedEach(Map<String, Integer> ratings) implements Answer {

        public RatedEach {
            ratings = Map.copyOf(ratings);
        }
    }

    record Labelled(String label) implements Answer {}

    record LabelledAll(List<String> labels) implements Answer {

        public LabelledAll {
            labels = List.copyOf(labels);
        }
    }

    record Marked(List<Span> spans) implements Answer {

        public Marked {
            spans = List.copyOf(spans);
        }
    }

    /// A part of the prompt.
    ///
    /// @param start in Unicode code points, from 0
    /// @param end after the last one
    record Span(int start, int end, String label) {}

    record Written(String text) implements Answer {}

    record Demonstrated(String text) implements Answer {}

    /// A candidate made better.
    record Edited(String candidate, String text) implements Answer {}

    record Turned(List<Turn> turns) implements Answer {

        public Turned {
            turns = List.copyOf(turns);
        }
    }

    /// @param turn place in the conversation, from 0
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Turn(
            int turn,
            @Nullable String label,
            @Nullable String rewrite) {}

    /// What it comes to when answers are counted; nothing where they cannot be compared.
    default @Nullable String value() {
        return switch (this) {
            case Prefer(var choice, var _) -> choice;
            case Tie() -> Majority.TIE;
            case BothBad() -> Majority.BAD;
            case Ranked(var ranking) ->
                ranking.stream().map(ties -> String.join("=", ties)).collect(Collectors.joining(">"));
            case Rated(var rating) -> Integer.toString(rating);
            case RatedEach(var ratings) ->
                new TreeMap<>(ratings)
                        .entrySet().stream()
                                .map(rating -> rating.getKey() + "=" + rating.getValue())
                                .collect(Collectors.joining(SEPARATOR));
            case Labelled(var label) -> label;
            case LabelledAll(var labels) -> labels.stream().sorted().collect(Collectors.joining(SEPARATOR));
            case Marked _, Written _, Demonstrated _, Edited _, Turned _ -> null;
        };
    }

    /// What another question can depend on: the value, or each label for itself.
    default List<String> values() {
        var value = value();
        return this instanceof LabelledAll(var labels) ? labels : value == null ? List.of() : List.of(value);
    }

    /// It in the fields of an [AnswerForm].
    default Map<String, Object> json() {
        return switch (this) {
            case Prefer(var choice, var strength) -> Map.of("choice", choice, "strength", strength);
            case Tie() -> Map.of("strength", 0);
            case BothBad() -> Map.of("bothBad", true);
            case Ranked(var ranking) -> Map.of("ranking", ranking);
            case Rated(var rating) -> Map.of("rating", rating);
            case RatedEach(var ratings) -> Map.of("ratings", ratings);
            case Labelled(var label) -> Map.of("label", label);
            case LabelledAll(var labels) -> Map.of("labels", labels);
            case Marked(var spans) -> Map.of("spans", spans);
            case Written(var text) -> Map.of("text", text);
            case Demonstrated(var text) -> Map.of("text", text);
            case Edited(var candidate, var text) -> Map.of("candidate", candidate, "text", text);
            case Turned(var turns) -> Map.of("turns", turns);
        };
    }

    /// The same without words of the annotator, which are kept apart so that they can be erased.
    default Map<String, Object> data() {
        return switch (this) {
            case Written _, Demonstrated _ -> Map.of();
            case Edited(var candidate, var _) -> Map.of("candidate", candidate);
            case Turned(var turns) ->
                Map.of(
                        "turns",
                        turns.stream()
                                .map(turn -> new Turn(turn.turn(), turn.label(), null))
                                .toList());
            case Prefer _, Tie(), BothBad(), Ranked _, Rated _, RatedEach _, Labelled _, LabelledAll _, Marked _ ->
                json();
        };
    }

    /// Whether the annotator wrote words.
    default boolean hasWords() {
        return switch (this) {
            case Written _, Demonstrated _, Edited _ -> true;
            case Turned(var turns) -> turns.stream().anyMatch(turn -> turn.rewrite() != null);
            case Prefer _, Tie(), BothBad(), Ranked _, Rated _, RatedEach _, Labelled _, LabelledAll _, Marked _ -> false;
        };
    }
}
