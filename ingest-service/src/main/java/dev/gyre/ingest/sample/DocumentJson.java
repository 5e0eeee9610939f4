package dev.gyre.ingest.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gyre.events.SampleDocument;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A sample's text as JSON: the same document gives the same bytes.
public final class DocumentJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private DocumentJson() {}

    public static byte[] write(SampleDocument document) {
        try {
            return MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException("a sample document does not serialise", impossible);
        }
    }

    public static SampleDocument read(byte[] json) {
        try {
            return MAPPER.readValue(json, SampleDocument.class);
        } catch (IOException broken) {
            throw new UncheckedIOException("not a sample document", broken);
        }
    }
}
