package dev.gyre.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// A person's wish to be forgotten, and what came of it. Asked of ingest, applied by each service for itself, keyed by
/// subject.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = ErasureEvent.ErasureRequested.class, name = "ErasureRequested"),
    @Type(value = ErasureEvent.ErasureApplied.class, name = "ErasureApplied"),
    @Type(value = ErasureEvent.ErasureCompleted.class, name = "ErasureCompleted")
})
public sealed interface ErasureEvent extends Fact {

    String TOPIC = "erasures";

    String subject();

    @Override
    default String key() {
        return subject();
    }

    record ErasureRequested(String workspace, String subject, String erasure) implements ErasureEvent {}

    /// @param service who applied it
    /// @param touched rows and objects that were deleted or made unreadable
    record ErasureApplied(String workspace, String subject, String erasure, String service, int touched)
            implements ErasureEvent {}

    record ErasureCompleted(String workspace, String subject, String erasure) implements ErasureEvent {}
}
