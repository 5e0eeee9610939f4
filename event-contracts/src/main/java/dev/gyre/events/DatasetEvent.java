package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
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

    /// An annotator who contradicts the others more often than chance explains.
    ///
    /// @param annotator pseudonym
    /// @param compared tasks on which the annotator could be compared with others
    /// @param agreed on how many of them the annotator said what the others said
    /// @param chance share of them on which that would happen by chance alone, 0 to 1
    /// @param reason a whole sentence with figures
    record Doubt(String annotator, int compared, int agreed, double chance, String reason) {}

    /// @param train what a model may learn from
    /// @param heldOut what it is examined on: no prompt stands in both parts
    /// @param merkleRoot root over the ordered ids of judgements and then of adjudications, hex
    /// @param judgements these ids, one per line
    /// @param campaign the campaign that it came from
    /// @param model name of the model that the campaign is for
    /// @param doubts annotators whose judgements in it are in doubt: nobody should be trained on them unasked
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
            @Nullable String model,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Doubt> doubts)
            implements DatasetEvent {

        public DatasetFrozen {
            doubts = List.copyOf(doubts);
        }
    }

    /// @param judgements ids, also of adjudications, that were withdrawn or erased after the freeze
    record DatasetTainted(String workspace, String dataset, List<String> judgements, String reason)
            implements DatasetEvent {

        public DatasetTainted {
            judgements = List.copyOf(judgements);
        }
    }
}
