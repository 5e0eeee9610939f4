package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// Candidate answers that a task wants of a model. Asked by annotation, answered by eval, keyed by task.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = AnswerEvent.AnswersRequested.class, name = "AnswersRequested"),
    @Type(value = AnswerEvent.AnswersGenerated.class, name = "AnswersGenerated"),
    @Type(value = AnswerEvent.AnswersFailed.class, name = "AnswersFailed")
})
public sealed interface AnswerEvent extends Fact {

    String TOPIC = "answers";

    String task();

    @Override
    default String key() {
        return task();
    }

    /// @param model name of a model; its champion answers
    /// @param prompt a [SampleDocument] as JSON
    /// @param count how many different answers, 1 to 16
    record AnswersRequested(
            String workspace, String task, String model, ArtifactRef prompt, int count, int maxNewTokens, long seed)
            implements AnswerEvent {}

    /// @param answers texts in UTF-8, in the order of generation
    record AnswersGenerated(String workspace, String task, ModelVersion model, List<ArtifactRef> answers)
            implements AnswerEvent {

        public AnswersGenerated {
            answers = List.copyOf(answers);
        }
    }

    record AnswersFailed(String workspace, String task, String reason) implements AnswerEvent {}
}
