package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.annotation.project.Question;
import dev.gyre.events.Candidate;
import dev.gyre.events.SampleDocument;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What somebody decides about a task, in the words of an answer to its first question.
///
/// @param value what it comes to, as it is counted
/// @param strength −3…3 for a pair: negative for the first candidate, 0 for neither
/// @param data the answer as JSON
public record Decision(@Nullable String value, int strength, Map<String, Object> data) {

    public Decision {
        data = Map.copyOf(data);
    }

    /// @param sample read only where the answer points into the text
    /// @param form an answer as annotators send it
    /// @throws IllegalArgumentException saying which field does not fit the question, and what would
    public static Decision of(
            Question question,
            List<Candidate> candidates,
            Supplier<SampleDocument> sample,
            JsonNode form,
            ObjectMapper json) {
        var answer = new AnswerReader(candidates, sample).read(question, form(form, json), null);
        if (answer.hasWords()) {
            throw new IllegalArgumentException(
                    "answer has words of your own, which are nobody's judgement; name the judgement that is right instead");
        }
        int strength = answer instanceof Answer.Prefer(var choice, var by)
                ? choice.equals(candidates.getFirst().id()) ? -by : by
                : 0;
        return new Decision(answer.value(), strength, answer.data());
    }

    private static AnswerForm form(JsonNode form, ObjectMapper json) {
        try {
            return json.convertValue(form, AnswerForm.class);
        } catch (IllegalArgumentException strange) {
            throw new IllegalArgumentException("answer is %s, which is no answer to a question".formatted(form), strange);
        }
    }
}
