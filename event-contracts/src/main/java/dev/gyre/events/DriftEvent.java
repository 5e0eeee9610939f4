package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The world moved away from what a model knows, or came back. Told by eval, keyed by stream.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = DriftEvent.WindowMeasured.class, name = "WindowMeasured"),
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

    /// What moved: what people ask, what the model says, or how good it is at it.
    enum Concern {
        INPUT,
        OUTPUT,
        QUALITY
    }

    /// What is said of a window, or of one statistic of it.
    enum Signal {
        CALM,
        WARNING,
        DRIFT
    }

    /// One statistic of a window.
    ///
    /// @param detector such as `adwin` or `mmd`
    /// @param threshold what the value had to pass, taken alone
    /// @param verdict over all statistics of the window together
    record Statistic(String statistic, String detector, double value, double threshold, Signal verdict) {}

    /// A window of a stream was measured. Several that drift add up to an alarm.
    ///
    /// @param model the version that answered last
    /// @param era grows with every new reference
    /// @param window its number in the era, from 1
    record WindowMeasured(
            String workspace,
            String stream,
            ModelVersion model,
            Concern concern,
            int era,
            int window,
            Signal verdict,
            List<Statistic> statistics)
            implements DriftEvent {

        public WindowMeasured {
            statistics = List.copyOf(statistics);
        }
    }

    /// An alarm, or one that goes on and has twice as much to show: it is told again under its id.
    ///
    /// @param drift id of this alarm; the cleared drift names it again
    /// @param model the version that served while the world moved
    /// @param detector such as `adwin` or `mmd`
    /// @param statistic what moved, such as `embedding` or `rating`
    /// @param value its value now
    /// @param threshold the value that it had to pass
    /// @param seen interactions of the stream up to the alarm, from 1
    /// @param explanation whole sentences: what moved, by how much, what is new
    /// @param examples interactions that show what is new
    /// @param drifted what people should look at first, the most instructive first: JSONL of [Drifted]; missing where
    /// the alarm speaks of no single interaction
    record DriftDetected(
            String workspace,
            String stream,
            String drift,
            ModelVersion model,
            Concern concern,
            String detector,
            String statistic,
            double value,
            double threshold,
            long seen,
            String explanation,
            List<String> examples,
            @Nullable ArtifactRef drifted)
            implements DriftEvent {

        public DriftDetected {
            examples = List.copyOf(examples);
        }
    }

    /// One line of [DriftDetected#drifted].
    ///
    /// @param content a [SampleDocument]
    /// @param score how much it teaches, higher is more
    record Drifted(
            String interaction,
            String slice,
            ArtifactRef content,
            @Nullable String subject,
            double score) {}

    record DriftCleared(String workspace, String stream, String drift, ModelVersion model) implements DriftEvent {}
}
