package dev.gyre.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.events.Fact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// Facts as JSON. Fields that a reader does not know are passed over: fields are only added.
public final class FactJson {

    /// The one mapper for facts and for event records in columns.
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private FactJson() {}

    public static byte[] write(Fact fact) {
        try {
            return MAPPER.writeValueAsBytes(fact);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException("%s does not serialise".formatted(fact), impossible);
        }
    }

    /// The fact, or nothing where its type is newer than this code.
    ///
    /// @throws IllegalArgumentException if the bytes are no fact of this kind
    public static <F extends Fact> Optional<F> read(byte[] json, Class<F> kind) {
        try {
            return Optional.of(MAPPER.readValue(json, kind));
        } catch (InvalidTypeIdException newer) {
            if (newer.getTypeId() == null) {
                throw new IllegalArgumentException("no property 'type' in a record of " + kind.getSimpleName(), newer);
            }
            return Optional.empty();
        } catch (IOException broken) {
            throw new IllegalArgumentException(
                    "not a %s: %s".formatted(kind.getSimpleName(), broken.getMessage()), broken);
        }
    }
}
