package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// What production traffic said and what people thought of it. Told by ingest, keyed by interaction.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = InteractionEvent.InteractionRecorded.class, name = "InteractionRecorded"),
    @Type(value = InteractionEvent.FeedbackGiven.class, name = "FeedbackGiven")
})
public sealed interface InteractionEvent extends Fact {

    String TOPIC = "interactions";

    String interaction();

    @Override
    default String key() {
        return interaction();
    }

    /// @param content a [SampleDocument] whose completion is the answer that was given
    record InteractionRecorded(
            String workspace,
            String interaction,
            ModelVersion model,
            String slice,
            ArtifactRef content,
            @Nullable String subject)
            implements InteractionEvent {}

    /// @param rating −1 bad, 0 neither, 1 good
    /// @param comment free text, behind a reference
    /// @param correction the answer that the person wanted, behind a reference
    record FeedbackGiven(
            String workspace,
            String interaction,
            int rating,
            @Nullable ArtifactRef comment,
            @Nullable ArtifactRef correction,
            @Nullable String subject)
            implements InteractionEvent {}
}
