package dev.gyre.llm.checkpoint;

import static dev.gyre.llm.checkpoint.ConfigKeys.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Which layers of a model look at a window only.
final class LayerKinds {

    private LayerKinds() {}

    /// The window of each layer, 0 where it sees everything: as `layer_types` says, or else by a rule.
    static List<Integer> windows(JsonNode json, int layers, int window, IntPredicate rule) {
        var types = json.path("layer_types");
        if (!types.isArray()) {
            return IntStream.range(0, layers)
                    .mapToObj(layer -> rule.test(layer) ? window : 0)
                    .toList();
        }
        require(types.size() == layers, "layer_types", types.size() + " entries", "one for each of the layers " + layers);
        return IntStream.range(0, layers)
                .mapToObj(layer -> switch (types.get(layer).asText()) {
                    case "full_attention" -> 0;
                    case "sliding_attention" -> window;
                    default -> throw new IllegalArgumentException(
                            "layer_types[%d] is %s, must be full_attention or sliding_attention"
                                    .formatted(layer, types.get(layer)));
                })
                .toList();
    }
}
