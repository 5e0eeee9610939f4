package dev.gyre.annotation.project;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One thing that people are asked about each sample.
///
/// @param name how answers name it
/// @param text the question in the words that the annotator reads
/// @param required whether an answer must be given where the question is asked
/// @param help a sentence beside it, empty for none
/// @param when the answer that it depends on; always asked where there is none
/// @param kind what an answer looks like
public record Question(
        String name, String text, boolean required, String help, Optional<Condition> when, QuestionKind kind) {

    /// The name of a question that stands alone.
    public static final String ALONE = "answer";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");
    private static final int MOST_HELP = 1000;
    private static final int MOST_TEXT = 1000;

    /// @param question name of an earlier question
    /// @param is answers to it, of which one must have been given
    public record Condition(String question, List<String> is) {

        public Condition {
            is = List.copyOf(is);
        }
    }

    /// A question that stands alone.
    public static Question alone(QuestionKind kind) {
        return new Question(ALONE, kind.wording(), true, "", Optional.empty(), kind);
    }

    /// The question that JSON means.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Question of(@Nullable QuestionForm form) {
        var sent = form == null
                ? new QuestionForm(null, null, null, null, null, null, null, null, null, null, null, null, null)
                : form;
        var kind = QuestionKind.of(sent);
        var name = Objects.requireNonNullElse(sent.name(), ALONE);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "question.name is '%s', must be lower-case letters, digits, _ and - such as 'helpful'"
                            .formatted(name));
        }
        var text = sent.text() == null ? "" : sent.text().strip();
        var help = sent.help() == null ? "" : sent.help().strip();
        if (text.length() > MOST_TEXT || help.length() > MOST_HELP) {
            throw new IllegalArgumentException("text and help of question '%s' have %d and %d characters, at most %d each"
                    .formatted(name, text.length(), help.length(), MOST_TEXT));
        }
        return new Question(
                name,
                text.isEmpty() ? kind.wording() : text,
                Objects.requireNonNullElse(sent.required(), true),
                help,
                Optional.ofNullable(sent.when()).map(when -> condition(name, when)),
                kind);
    }

    private static Condition condition(String name, QuestionForm.When when) {
        if (when.question() == null || when.is() == null || when.is().isEmpty() || when.is().contains(null)) {
            throw new IllegalArgumentException(
                    "question.when of '%s' must name a question and the answers to it: {question, is: [...]}"
                            .formatted(name));
        }
        return new Condition(
                when.question(),
                when.is().stream().map(Objects::requireNonNull).toList());
    }

    /// This question as JSON.
    @JsonValue
    public QuestionForm form() {
        return kind.form(
                name,
                text,
                required,
                help.isEmpty() ? null : help,
                when.map(condition -> new QuestionForm.When(condition.question(), List.copyOf(condition.is())))
                        .orElse(null));
    }

    /// The questions of a project, checked together.
    ///
    /// @throws IllegalArgumentException saying what is wrong with them
    static List<Question> checked(List<Question> questions) {
        if (questions.isEmpty() || questions.size() > 20) {
            throw new IllegalArgumentException("questions has %d questions, must have 1 to 20".formatted(questions.size()));
        }
        var names = new HashSet<String>();
        for (var question : questions) {
            question.when().ifPresent(condition -> {
                if (!names.contains(condition.question())) {
                    throw new IllegalArgumentException("question '%s' depends on '%s', must depend on a question before it"
                            .formatted(question.name(), condition.question()));
                }
            });
            if (!names.add(question.name())) {
                throw new IllegalArgumentException("questions has '%s' twice; give each a name".formatted(question.name()));
            }
        }
        var first = questions.getFirst();
        if (!first.required() || first.when().isPresent()) {
            throw new IllegalArgumentException(
                    "question '%s' is the first and is always asked; leave out required and when".formatted(first.name()));
        }
        return List.copyOf(questions);
    }
}
