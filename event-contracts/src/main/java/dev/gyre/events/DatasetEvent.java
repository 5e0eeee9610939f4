package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ordered lists of judgements that never change. Told by annotation, keyed by data set.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = DatasetEvent.DatasetFrozen.class, name = "DatasetFrozen"),
    @Type(value = DatasetEvent.DatasetTainted.class, name = "DatasetTainted")
})
public sealed interface DatasetEvent extends Fact {

    String TOPIC = "datasets";

    String dataset();

    @Override
    default String key() {
        return dataset();
    }

    /// Which shape the rows have, in the words of TRL.
    enum Kind {
        /// `prompt`, `completion`
        SUPERVISED,
        /// `prompt`, `chosen`, `rejected`
        PREFERENCE,
        /// `text`, `label`
        LABEL
    }

    /// What the data set is for.
    enum Purpose {
        TRAINING,
        /// Deliberately broken, such as shuffled judgements: may be trained on, is never a past slice of anybody else.
        CONTROL
    }

    /// One part of a data set: JSONL, a row per line.
    record Part(ArtifactRef rows, int count) {}

    /// @param train what a model may learn from
    /// @param heldOut what it is examined on: no prompt stands in both parts
    /// @param merkleRoot root over the ordered judgement ids, hex
    /// @param judgements the ordered judgement ids, one per line
    /// @param campaign the campaign that it came from
    /// @param model name of the model that the campaign is for
    record DatasetFrozen(
            String workspace,
            String dataset,
            String project,
            String name,
            Kind kind,
            Purpose purpose,
            Part train,
            Part heldOut,
            String merkleRoot,
            ArtifactRef judgements,
            int judgementCount,
            @Nullable String campaign,
            @Nullable String model)
            implements DatasetEvent {}

    /// @param judgements ids that were withdrawn or erased after the freeze
    record DatasetTainted(String workspace, String dataset, List<String> judgements, String reason)
            implements DatasetEvent {

        public DatasetTainted {
            judgements = List.copyOf(judgements);
        }
    }
}
