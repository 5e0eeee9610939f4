package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// The world moved away from what a model knows, or came back. Told by eval, keyed by stream.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = DriftEvent.DriftDetected.class, name = "DriftDetected"),
    @Type(value = DriftEvent.DriftCleared.class, name = "DriftCleared")
})
public sealed interface DriftEvent extends Fact {

    String TOPIC = "drift";

    String stream();

    @Override
    default String key() {
        return stream();
    }

    /// @param detector such as `adwin` or `mmd`
    /// @param statistic what moved
    /// @param value its value now
    /// @param threshold the value that it had to pass
    /// @param examples samples or interactions that show what is new
    record DriftDetected(
            String workspace,
            String stream,
            ModelVersion model,
            String detector,
            String statistic,
            double value,
            double threshold,
            List<String> examples)
            implements DriftEvent {

        public DriftDetected {
            examples = List.copyOf(examples);
        }
    }

    record DriftCleared(String workspace, String stream, ModelVersion model) implements DriftEvent {}
}
