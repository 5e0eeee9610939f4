package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What people said of a task. Told by annotation, keyed by task.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = JudgementEvent.PreferenceRecorded.class, name = "PreferenceRecorded"),
    @Type(value = JudgementEvent.LabelRecorded.class, name = "LabelRecorded"),
    @Type(value = JudgementEvent.DemonstrationRecorded.class, name = "DemonstrationRecorded"),
    @Type(value = JudgementEvent.AnswersRecorded.class, name = "AnswersRecorded"),
    @Type(value = JudgementEvent.JudgementWithdrawn.class, name = "JudgementWithdrawn"),
    @Type(value = JudgementEvent.ConsensusReached.class, name = "ConsensusReached"),
    @Type(value = JudgementEvent.TaskAdjudicated.class, name = "TaskAdjudicated"),
    @Type(value = JudgementEvent.AdjudicationWithdrawn.class, name = "AdjudicationWithdrawn")
})
public sealed interface JudgementEvent extends Fact {

    String TOPIC = "judgements";

    String task();

    @Override
    default String key() {
        return task();
    }

    /// One person's order of the candidates.
    ///
    /// @param ranking best first, ties together: `[["B"],["A","C"]]`
    /// @param strength −3…3 for a pair: negative for the first candidate, 0 the tie, positive for the second
    /// @param bothBad no candidate is acceptable, whatever their order
    /// @param edit the best candidate rewritten by the annotator
    /// @param reasons reason codes of the project
    /// @param comment free-text reason, behind a reference
    /// @param shownOrder candidate ids as they were shown, left to right
    /// @param activeMillis time in focus, 0 where it was not measured
    /// @param supersedes the judgement of the same person that this one replaces
    record PreferenceRecorded(
            String workspace,
            String task,
            String judgement,
            String project,
            String sample,
            Annotator annotator,
            ArtifactRef prompt,
            List<Candidate> candidates,
            List<List<String>> ranking,
            int strength,
            boolean bothBad,
            @Nullable ArtifactRef edit,
            List<String> reasons,
            @Nullable ArtifactRef comment,
            int guidelineVersion,
            int schemaVersion,
            List<String> shownOrder,
            long activeMillis,
            @Nullable String subject,
            @Nullable String supersedes)
            implements JudgementEvent {

        public PreferenceRecorded {
            candidates = List.copyOf(candidates);
            ranking = ranking.stream().map(List::copyOf).toList();
            reasons = List.copyOf(reasons);
            shownOrder = List.copyOf(shownOrder);
            if (strength < -3 || strength > 3) {
                throw new IllegalArgumentException("strength is %d, must be -3 to 3".formatted(strength));
            }
        }
    }

    /// One person's label of a text.
    record LabelRecorded(
            String workspace,
            String task,
            String judgement,
            String project,
            String sample,
            Annotator annotator,
            ArtifactRef text,
            String label,
            @Nullable ArtifactRef comment,
            int guidelineVersion,
            int schemaVersion,
            long activeMillis,
            @Nullable String subject,
            @Nullable String supersedes)
            implements JudgementEvent {}

    /// One person's own answer to a prompt.
    ///
    /// @param demonstration UTF-8 text
    record DemonstrationRecorded(
            String workspace,
            String task,
            String judgement,
            String project,
            String sample,
            Annotator annotator,
            ArtifactRef prompt,
            ArtifactRef demonstration,
            int guidelineVersion,
            int schemaVersion,
            long activeMillis,
            @Nullable String subject,
            @Nullable String supersedes)
            implements JudgementEvent {}

    /// All of one person's answers to a task, where one fact of the others cannot say them; it stands beside that fact
    /// under the same id, or alone.
    ///
    /// @param content the sample, a document as JSON
    /// @param answers by the names of the questions, a document as JSON
    /// @param shownOrder candidate ids as they were shown, left to right
    record AnswersRecorded(
            String workspace,
            String task,
            String judgement,
            String project,
            String sample,
            Annotator annotator,
            ArtifactRef content,
            ArtifactRef answers,
            int guidelineVersion,
            int schemaVersion,
            List<String> shownOrder,
            long activeMillis,
            @Nullable String subject)
            implements JudgementEvent {

        public AnswersRecorded {
            shownOrder = List.copyOf(shownOrder);
        }
    }

    record JudgementWithdrawn(String workspace, String task, String judgement, String project, String reason)
            implements JudgementEvent {}

    /// The task has all the answers it wanted.
    ///
    /// @param judgements the ids that stand behind it, in the order in which they came
    /// @param outcome the winning candidate id or label, `tie` or `none`
    /// @param support share of the judgements that say so, 0 to 1
    record ConsensusReached(
            String workspace, String task, String project, List<String> judgements, String outcome, double support)
            implements JudgementEvent {

        public ConsensusReached {
            judgements = List.copyOf(judgements);
        }
    }

    /// Somebody has decided what counts for a task; what people said of it stays.
    ///
    /// @param reviewer who decided
    /// @param outcome a candidate id, a label or another value as it is counted, `tie` or `bad`; nothing where answers
    ///     cannot be counted
    /// @param strength −3…3 for a pair, as of a judgement
    /// @param chosen the judgement that is taken for right, where one was named
    /// @param judgements the ids that stood at that moment, in the order in which they came
    /// @param supersedes the adjudication of the same task that this one replaces
    record TaskAdjudicated(
            String workspace,
            String task,
            String adjudication,
            String project,
            Annotator reviewer,
            @Nullable String outcome,
            int strength,
            @Nullable String chosen,
            List<String> judgements,
            String reason,
            @Nullable String supersedes)
            implements JudgementEvent {

        public TaskAdjudicated {
            judgements = List.copyOf(judgements);
        }
    }

    /// What people said counts again.
    record AdjudicationWithdrawn(String workspace, String task, String adjudication, String project, String reason)
            implements JudgementEvent {}
}
