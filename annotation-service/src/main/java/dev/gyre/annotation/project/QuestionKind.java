package dev.gyre.annotation.project;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What an answer to a question looks like.
public sealed interface QuestionKind {

    /// Which of two answers is better, and how much: 1 slightly, 2 better, 3 much better; or a tie; or both are bad.
    record Pairwise() implements QuestionKind {}

    /// Two to nine answers from the best to the worst, ties allowed.
    record Ranking() implements QuestionKind {}

    /// A whole number for the task, or for each candidate.
    record Rating(int from, int to, boolean each) implements QuestionKind {}

    /// Which one of these labels fits.
    record Label(List<String> labels) implements QuestionKind {

        public Label {
            labels = List.copyOf(labels);
        }
    }

    /// Which of these labels fit.
    record Labels(List<String> labels, int least, int most) implements QuestionKind {

        public Labels {
            labels = List.copyOf(labels);
        }
    }

    /// Which parts of the prompt bear which label.
    record Spans(List<String> labels, boolean overlap) implements QuestionKind {

        public Spans {
            labels = List.copyOf(labels);
        }
    }

    /// Words of the annotator, such as a reason.
    record Text() implements QuestionKind {}

    /// What a good answer to the prompt is, written by the annotator.
    record Demonstration() implements QuestionKind {}

    /// A candidate made better: the one chosen before, or the only one.
    record Edit() implements QuestionKind {}

    /// A label and a better wording for turns of a conversation.
    record Turns(List<String> labels) implements QuestionKind {

        public Turns {
            labels = List.copyOf(labels);
        }
    }

    int MOST_RANKED = 9;

    /// The kind that JSON means.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    static QuestionKind of(QuestionForm form) {
        return switch (form.type()) {
            case "PAIRWISE" -> only(form, new Pairwise());
            case "RANKING" -> only(form, new Ranking());
            case "RATING" -> only(form, rating(form), "from", "to", "each");
            case "LABEL" -> only(form, new Label(labels(form, 2)), "labels");
            case "LABELS" -> only(form, labels(form), "labels", "least", "most");
            case "SPANS" ->
                only(form, new Spans(labels(form, 1), Boolean.TRUE.equals(form.overlap())), "labels", "overlap");
            case "TEXT" -> only(form, new Text());
            case "DEMONSTRATION" -> only(form, new Demonstration());
            case "EDIT" -> only(form, new Edit());
            case "TURNS" -> only(form, new Turns(form.labels() == null ? List.of() : labels(form, 1)), "labels");
            case null, default ->
                throw new IllegalArgumentException(
                        "question.type is %s, must be PAIRWISE, RANKING, RATING, LABEL, LABELS, SPANS, TEXT, DEMONSTRATION, EDIT or TURNS"
                                .formatted(form.type()));
        };
    }

    private static QuestionKind only(QuestionForm form, QuestionKind kind, String... fields) {
        for (var special : form.special()) {
            if (!Arrays.asList(fields).contains(special)) {
                throw new IllegalArgumentException(
                        "question.%s is given for type %s, which has none; leave it out".formatted(special, form.type()));
            }
        }
        return kind;
    }

    private static Rating rating(QuestionForm form) {
        int from = Objects.requireNonNullElse(form.from(), 1);
        int to = Objects.requireNonNullElse(form.to(), 5);
        if (to <= from || (long) to - from > 10) {
            throw new IllegalArgumentException(
                    "question.from is %d and to %d, must be 2 to 11 whole numbers, the lower first".formatted(from, to));
        }
        return new Rating(from, to, Boolean.TRUE.equals(form.each()));
    }

    private static Labels labels(QuestionForm form) {
        var labels = labels(form, 2);
        int least = Objects.requireNonNullElse(form.least(), 0);
        int most = Objects.requireNonNullElse(form.most(), labels.size());
        if (least < 0 || most < Math.max(1, least) || most > labels.size()) {
            throw new IllegalArgumentException("question.least is %d and most %d, must be 0 to %d, least first"
                    .formatted(least, most, labels.size()));
        }
        return new Labels(labels, least, most);
    }

    private static List<String> labels(QuestionForm form, int fewest) {
        var labels = form.labels();
        if (labels == null || labels.size() < fewest || labels.size() > 50) {
            throw new IllegalArgumentException("question.labels has %d labels, must have %d to 50"
                    .formatted(labels == null ? 0 : labels.size(), fewest));
        }
        for (var label : labels) {
            if (label == null || label.isBlank() || label.length() > 100) {
                throw new IllegalArgumentException(
                        "question.labels has '%s', each label must have 1 to 100 characters".formatted(label));
            }
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("question.labels has a label twice: %s".formatted(labels));
        }
        return labels.stream().map(Objects::requireNonNull).toList();
    }

    /// The word that JSON says.
    default String type() {
        return switch (this) {
            case Pairwise() -> "PAIRWISE";
            case Ranking() -> "RANKING";
            case Rating _ -> "RATING";
            case Label _ -> "LABEL";
            case Labels _ -> "LABELS";
            case Spans _ -> "SPANS";
            case Text() -> "TEXT";
            case Demonstration() -> "DEMONSTRATION";
            case Edit() -> "EDIT";
            case Turns _ -> "TURNS";
        };
    }

    /// The question where nobody words it otherwise.
    default String wording() {
        return switch (this) {
            case Pairwise() -> "Which answer is better?";
            case Ranking() -> "Put the answers in order, the best first.";
            case Rating(var _, var _, var each) -> each ? "How good is each answer?" : "How good is it?";
            case Label _ -> "Which label fits?";
            case Labels _ -> "Which labels fit?";
            case Spans _ -> "Which parts of the text bear which label?";
            case Text() -> "What do you want to say about it?";
            case Demonstration() -> "What would a good answer be?";
            case Edit() -> "Make the answer better.";
            case Turns _ -> "Judge the turns of the assistant.";
        };
    }

    /// Fewest candidates that a task needs.
    default int fewestCandidates() {
        return switch (this) {
            case Pairwise(), Ranking() -> 2;
            case Rating(var _, var _, var each) -> each ? 1 : 0;
            case Edit() -> 1;
            case Label _, Labels _, Spans _, Text(), Demonstration(), Turns _ -> 0;
        };
    }

    /// Most candidates that a task can show.
    default int mostCandidates() {
        return switch (this) {
            case Pairwise() -> 2;
            case Ranking(), Rating _, Edit(), Label _, Labels _, Spans _, Text(), Demonstration(), Turns _ -> MOST_RANKED;
        };
    }

    /// This kind as JSON, with what is common to all kinds.
    default QuestionForm form(
            String name, String text, boolean required, @Nullable String help, QuestionForm.@Nullable When when) {
        var labels =
                switch (this) {
                    case Label(var of) -> of;
                    case Labels(var of, var _, var _) -> of;
                    case Spans(var of, var _) -> of;
                    case Turns(var of) -> of;
                    case Pairwise(), Ranking(), Rating _, Text(), Demonstration(), Edit() -> null;
                };
        var rating = this instanceof Rating found ? found : null;
        var many = this instanceof Labels found ? found : null;
        return new QuestionForm(
                type(),
                name,
                text,
                required,
                help,
                when,
                labels == null || labels.isEmpty() ? null : List.copyOf(labels),
                rating == null ? null : rating.from(),
                rating == null ? null : rating.to(),
                rating == null ? null : rating.each(),
                many == null ? null : many.least(),
                many == null ? null : many.most(),
                this instanceof Spans spans ? spans.overlap() : null);
    }
}
