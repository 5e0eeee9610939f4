package dev.gyre.llm.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Adds tokens to the tokenizer of a folder; every token that was there keeps its id.
public final class NewTokens {

    private NewTokens() {}

    /// Adds tokens behind all others, in this order; one that the tokenizer has already keeps its id.
    ///
    /// The model's embeddings must have a row for the largest id, which is for the caller to see to.
    ///
    /// @param special whether they are left out where tokens are made text
    /// @return the id of each
    /// @throws IllegalArgumentException where a token is empty or the folder has no tokenizer
    public static Map<String, Integer> add(Path folder, List<String> tokens, boolean special) {
        if (tokens.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a new token is empty; give it a text");
        }
        var file = folder.resolve("tokenizer.json");
        var json = JsonFile.read(file);
        var known = known(json);
        var added = json.path("added_tokens") instanceof ArrayNode there ? there : json.putArray("added_tokens");
        int next = known.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        var ids = new LinkedHashMap<String, Integer>();
        for (var token : tokens) {
            int id = known.getOrDefault(token, next);
            next = Math.max(next, id + 1);
            known.put(token, id);
            ids.put(token, id);
            list(added, id, token, special);
        }
        JsonFile.write(file, json);
        configure(folder.resolve("tokenizer_config.json"), ids, special);
        return ids;
    }

    private static Map<String, Integer> known(ObjectNode json) {
        var known = new HashMap<String, Integer>();
        var vocabulary = json.path("model").path("vocab");
        if (vocabulary.isArray()) {
            for (int id = 0; id < vocabulary.size(); id++) {
                known.put(vocabulary.path(id).path(0).asText(), id);
            }
        } else {
            vocabulary
                    .properties()
                    .forEach(each -> known.put(each.getKey(), each.getValue().asInt()));
        }
        json.path("added_tokens")
                .forEach(each ->
                        known.put(each.path("content").asText(), each.path("id").asInt()));
        return known;
    }

    private static void list(ArrayNode added, int id, String token, boolean special) {
        for (JsonNode each : added) {
            if (each.path("content").asText().equals(token)) {
                ((ObjectNode) each).put("special", special);
                return;
            }
        }
        added.add(TokenizerFile.token(id, token, special));
    }

    private static void configure(Path file, Map<String, Integer> ids, boolean special) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        var json = JsonFile.read(file);
        if (json.path("added_tokens_decoder") instanceof ObjectNode decoder) {
            ids.forEach((token, id) -> {
                var entry = TokenizerFile.token(id, token, special);
                entry.remove("id");
                decoder.set(Integer.toString(id), entry);
            });
        }
        if (special) {
            var names = json.path("additional_special_tokens") instanceof ArrayNode there
                    ? there
                    : json.putArray("additional_special_tokens");
            for (var token : ids.keySet()) {
                boolean listed = false;
                for (var each : names) {
                    listed |= each.asText(each.path("content").asText()).equals(token);
                }
                if (!listed) {
                    names.add(token);
                }
            }
        }
        JsonFile.write(file, json);
    }
}
