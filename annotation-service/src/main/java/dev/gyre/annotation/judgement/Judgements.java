package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.annotation.project.Project;
import dev.gyre.events.Annotator;
import dev.gyre.events.SampleDocument;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where judgements that were given elsewhere are taken in; they are kept, counted and told like any other.
public interface Judgements {

    /// A judgement that was given elsewhere.
    ///
    /// @param answers by question, in the fields of the API
    /// @param comment why, in the annotator's words
    /// @param activeMillis time in focus, 0 where it was not measured
    record Elsewhere(
            Annotator annotator,
            Map<String, JsonNode> answers,
            @Nullable String comment,
            long activeMillis) {

        public Elsewhere {
            answers = Map.copyOf(answers);
        }
    }

    /// Looks at answers without keeping them.
    ///
    /// @throws IllegalArgumentException saying what does not fit the project's questions
    void check(Project project, SampleDocument document, Map<String, JsonNode> answers);

    /// Records a judgement in the running transaction if any. The task wants one more where all its seats are taken.
    ///
    /// @return false where this annotator has judged the task before
    /// @throws IllegalArgumentException saying what does not fit the project's questions
    boolean record(Project project, String task, SampleDocument document, Elsewhere given);
}
