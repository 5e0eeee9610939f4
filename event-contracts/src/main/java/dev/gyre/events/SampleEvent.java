package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// What became of one row of raw text. Told by ingest, keyed by sample.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = SampleEvent.SampleAccepted.class, name = "SampleAccepted"),
    @Type(value = SampleEvent.SampleRefused.class, name = "SampleRefused")
})
public sealed interface SampleEvent extends Fact {

    String TOPIC = "samples";

    String sample();

    @Override
    default String key() {
        return sample();
    }

    /// @param externalId the row's own id where its source has one, else its upload and row number
    /// @param slice part of the population that it speaks for, such as a topic or a month; never blank
    /// @param content a [SampleDocument] as JSON
    /// @param subject pseudonymous key of the person it speaks of, for erasure
    record SampleAccepted(
            String workspace,
            String sample,
            String source,
            String externalId,
            String slice,
            ArtifactRef content,
            @Nullable String subject)
            implements SampleEvent {}

    /// @param row number of the row in the upload, from 1
    /// @param reason one of a few words, such as `duplicate` or `too-long`
    /// @param detail what was found and what to do, without the text itself
    record SampleRefused(
            String workspace, String sample, String source, String upload, long row, String reason, String detail)
            implements SampleEvent {}
}
