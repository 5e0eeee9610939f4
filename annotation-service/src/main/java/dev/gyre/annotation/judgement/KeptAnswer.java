package dev.gyre.annotation.judgement;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gyre.events.ArtifactRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer as it is kept beside its judgement.
///
/// @param question its name
/// @param type of the question
/// @param value what it comes to, as it is counted
/// @param number a rating
/// @param data what it says, without words of the annotator
/// @param text the annotator's words: plain, or the turns as JSON where turns were written anew
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeptAnswer(
        String question,
        String type,
        @Nullable String value,
        @Nullable Integer number,
        Map<String, Object> data,
        @Nullable ArtifactRef text) {}
