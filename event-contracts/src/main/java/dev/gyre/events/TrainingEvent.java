package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;

/// The life of a training run. Told by trainer, keyed by run.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = TrainingEvent.TrainingRequested.class, name = "TrainingRequested"),
    @Type(value = TrainingEvent.TrainingStarted.class, name = "TrainingStarted"),
    @Type(value = TrainingEvent.TrainingProgressed.class, name = "TrainingProgressed"),
    @Type(value = TrainingEvent.TrainingCompleted.class, name = "TrainingCompleted"),
    @Type(value = TrainingEvent.TrainingFailed.class, name = "TrainingFailed"),
    @Type(value = TrainingEvent.TrainingCancelled.class, name = "TrainingCancelled")
})
public sealed interface TrainingEvent extends Fact {

    String TOPIC = "trainings";

    String run();

    @Override
    default String key() {
        return run();
    }

    /// What is learned again so that it is not forgotten.
    ///
    /// @param dataset an earlier data set, of which the train part is used
    /// @param rows how many of its rows, drawn by the run's seed
    record Replay(String dataset, int rows) {}

    /// @param model name under which the result is registered
    /// @param base the version that it starts from
    /// @param reason why it trains, in one sentence
    /// @param replay earlier data sets that are mixed in
    record TrainingRequested(
            String workspace,
            String run,
            String model,
            ModelVersion base,
            String dataset,
            RecipeSpec recipe,
            long seed,
            String reason,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Replay> replay)
            implements TrainingEvent {

        public TrainingRequested {
            replay = List.copyOf(replay);
        }
    }

    record TrainingStarted(String workspace, String run, String device, int attempt) implements TrainingEvent {}

    /// @param tokensPerSecond without padding
    record TrainingProgressed(String workspace, String run, int step, int steps, double loss, double tokensPerSecond)
            implements TrainingEvent {}

    /// Everything needed to make the same bytes again, and the bytes.
    ///
    /// @param rows rows that were learned from, after refusals
    /// @param codeVersion what ran
    /// @param replay earlier data sets that were mixed in, with the rows that were learned from
    /// @param files a complete Hugging Face folder; an adapter stands beside it under `adapter/`
    record TrainingCompleted(
            String workspace,
            String run,
            String model,
            ModelVersion base,
            String dataset,
            RecipeSpec recipe,
            long seed,
            String codeVersion,
            String device,
            int rows,
            double seconds,
            double tokensPerSecond,
            Map<String, Double> metrics,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Replay> replay,
            List<ModelFile> files)
            implements TrainingEvent {

        public TrainingCompleted {
            replay = List.copyOf(replay);
            metrics = Map.copyOf(metrics);
            files = List.copyOf(files);
        }
    }

    record TrainingFailed(String workspace, String run, String reason) implements TrainingEvent {}

    record TrainingCancelled(String workspace, String run, String by) implements TrainingEvent {}
}
