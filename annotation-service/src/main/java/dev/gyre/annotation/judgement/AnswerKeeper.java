package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.project.Question;
import dev.gyre.artifacts.ArtifactStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Keeps what belongs to a judgement beside its first answer; words stand behind references.
record AnswerKeeper(ArtifactStore artifacts, ObjectMapper json) {

    private static final int COMMENT_CHARACTERS = 10_000;
    private static final long DAY_MILLIS = 86_400_000;

    static long activeMillis(@Nullable Long given) {
        long active = Objects.requireNonNullElse(given, 0L);
        if (active < 0 || active > DAY_MILLIS) {
            throw new IllegalArgumentException("activeMillis is %d, must be 0 to %d".formatted(active, DAY_MILLIS));
        }
        return active;
    }

    /// @param activeMillis time in focus, as it is sent
    /// @param said why, in the annotator's words
    Extras extras(
            String workspace,
            List<Question> questions,
            Answers answers,
            @Nullable Long activeMillis,
            @Nullable String said) {
        long active = activeMillis(activeMillis);
        var comment = said == null ? "" : said.strip();
        if (comment.length() > COMMENT_CHARACTERS) {
            throw new IllegalArgumentException(
                    "comment has %d characters, at most %d".formatted(comment.length(), COMMENT_CHARACTERS));
        }
        var kept = new ArrayList<KeptAnswer>();
        for (var question : questions) {
            var answer = answers.byQuestion().get(question.name());
            if (answer != null) {
                kept.add(kept(workspace, question, answer));
            }
        }
        var edit = answers.edit();
        return new Extras(
                text(kept),
                kept.getFirst().text(),
                edit == null ? null : artifacts.put(workspace, edit.text()),
                saysEverything(answers) ? null : artifacts.put(workspace, text(all(answers))),
                comment.isEmpty() ? null : artifacts.put(workspace, comment),
                active);
    }

    private KeptAnswer kept(String workspace, Question question, Answer answer) {
        return new KeptAnswer(
                question.name(),
                question.kind().type(),
                answer.value(),
                answer instanceof Answer.Rated(var rating) ? rating : null,
                answer.data(),
                answer.hasWords() ? artifacts.put(workspace, words(answer)) : null);
    }

    private String words(Answer answer) {
        return switch (answer) {
            case Answer.Written(var text) -> text;
            case Answer.Demonstrated(var text) -> text;
            case Answer.Edited(var _, var text) -> text;
            case Answer.Turned(var turns) -> text(turns);
            case Answer.Prefer _,
                    Answer.Tie(),
                    Answer.BothBad(),
                    Answer.Ranked _,
                    Answer.Rated _,
                    Answer.RatedEach _,
                    Answer.Labelled _,
                    Answer.LabelledAll _,
                    Answer.Marked _ -> throw new IllegalStateException("%s has no words".formatted(answer));
        };
    }

    private static SequencedMap<String, Object> all(Answers answers) {
        var all = new LinkedHashMap<String, Object>();
        answers.byQuestion().forEach((question, answer) -> all.put(question, answer.json()));
        return all;
    }

    /// Whether the fact of the first answer leaves nothing to be told.
    private static boolean saysEverything(Answers answers) {
        return answers.byQuestion().size() == 1
                && switch (answers.main()) {
                    case Answer.Prefer _,
                            Answer.Tie(),
                            Answer.BothBad(),
                            Answer.Ranked _,
                            Answer.Labelled _,
                            Answer.Demonstrated _ -> true;
                    case Answer.Rated _,
                            Answer.RatedEach _,
                            Answer.LabelledAll _,
                            Answer.Marked _,
                            Answer.Written _,
                            Answer.Edited _,
                            Answer.Turned _ -> false;
                };
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
