package dev.gyre.registry.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/// What a model is for, as its `config.json` tells it.
///
/// @param pipeline the Hub's word, such as `text-generation`
/// @param labels that a classifier gives, in the order of its head
/// @param pooling how an encoder of Gyre makes one vector of a text, blank where it follows the usual way
record Purpose(String pipeline, List<String> labels, String pooling) {

    Purpose {
        labels = List.copyOf(labels);
    }

    /// What most models are for; examination shows whether it is true.
    static final Purpose UNKNOWN = new Purpose("text-generation", List.of(), "");

    private static final ObjectMapper JSON = new ObjectMapper();

    static Purpose of(String config) {
        try {
            return of(JSON.readTree(config));
        } catch (JsonProcessingException broken) {
            return UNKNOWN;
        }
    }

    private static Purpose of(JsonNode config) {
        var pooling = config.path("gyre_pooling").asText("");
        for (var architecture : config.path("architectures")) {
            if (architecture.asText().endsWith("ForSequenceClassification")) {
                var labels = new ArrayList<String>();
                config.path("id2label").forEach(label -> labels.add(label.asText()));
                return new Purpose("text-classification", labels, pooling);
            }
        }
        return config.path("model_type").asText().equals("bert")
                ? new Purpose("feature-extraction", List.of(), pooling)
                : UNKNOWN;
    }
}
