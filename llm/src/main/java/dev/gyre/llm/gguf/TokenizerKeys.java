package dev.gyre.llm.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.gguf.GgufValue.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// The tokenizer of a Hugging Face folder, as the keys of a GGUF file say it.
///
/// Beside llama.cpp's own keys the file carries `tokenizer.json` whole under
/// `tokenizer.huggingface.json`, the key that the format provides for it, so that nothing is lost.
final class TokenizerKeys {

    static final String WHOLE = "tokenizer.huggingface.json";
    static final String TEMPLATE = "tokenizer.chat_template";
    static final String PREFIX = "tokenizer.ggml.";

    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    /// How byte-level vocabularies cut text before they merge, by llama.cpp's name for it.
    static final Map<String, String> SPLITS = Map.of(
            "llama-bpe",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            "qwen2",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    private final Path file;
    private final JsonNode tokenizer;
    private final JsonNode settings;
    private final JsonNode config;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, GgufValue> keys = new LinkedHashMap<>();

    private TokenizerKeys(Path folder) {
        this.file = folder.resolve("tokenizer.json");
        this.tokenizer = JsonFile.read(file);
        this.settings = optional(folder.resolve("tokenizer_config.json"));
        this.config = JsonFile.read(folder.resolve("config.json"));
    }

    private static JsonNode optional(Path file) {
        return Files.isRegularFile(file) ? JsonFile.read(file) : JsonNodeFactory.instance.objectNode();
    }

    /// Reads the tokenizer of a folder.
    ///
    /// @throws IllegalArgumentException for a tokenizer that llama.cpp has no name for
    static Map<String, GgufValue> of(Path folder) {
        var keys = new TokenizerKeys(folder);
        keys.readVocabulary();
        keys.readEnds();
        keys.readTemplate(folder);
        keys.keys.put(WHOLE, GgufValue.of(text(folder.resolve("tokenizer.json"))));
        return keys.keys;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s".formatted(file), e);
        }
    }

    private void put(String key, GgufValue value) {
        keys.put(PREFIX + key, value);
    }

    private void readVocabulary() {
        var model = tokenizer.path("model");
        if (!model.path("vocab").isObject() || !model.path("merges").isArray()) {
            throw refusal("its model is %s, GGUF is written for BPE".formatted(model.path("type")));
        }
        model.path("vocab").properties().forEach(token -> ids.put(token.getKey(), id(token.getValue())));
        tokenizer
                .path("added_tokens")
                .forEach(token -> ids.put(token.path("content").asText(), id(token.path("id"))));
        boolean pieces = model.path("byte_fallback").asBoolean(false);
        put("model", GgufValue.of(pieces ? "llama" : "gpt2"));
        put("pre", GgufValue.of(pieces ? "default" : split()));
        int size = config.path("vocab_size").asInt();
        var tokens = new ArrayList<String>();
        for (int id = 0; id < size; id++) {
            tokens.add("[PAD%d]".formatted(id));
        }
        ids.forEach((token, id) -> tokens.set(id, token));
        put("tokens", GgufValue.texts(tokens));
        if (pieces) {
            put("scores", scores(tokens, model.path("merges")));
            put("add_space_prefix", GgufValue.of(prefixed()));
        }
        put("token_type", types(tokens, pieces));
        put(
                "merges",
                GgufValue.texts(merges(model.path("merges")).stream()
                        .map(pair -> pair.get(0).replace(' ', 'Ġ') + " "
                                + pair.get(1).replace(' ', 'Ġ'))
                        .toList()));
    }

    private int id(JsonNode node) {
        int size = config.path("vocab_size").asInt();
        if (!node.canConvertToInt() || node.asInt() < 0 || node.asInt() >= size) {
            throw refusal("it has a token of id %s, but config.json has a vocab_size of %d".formatted(node, size));
        }
        return node.asInt();
    }

    private List<List<String>> merges(JsonNode merges) {
        var pairs = new ArrayList<List<String>>();
        for (var merge : merges) {
            var pair = merge.isArray()
                    ? List.of(merge.path(0).asText(), merge.path(1).asText())
                    : List.of(merge.asText().split(" ", 2));
            if (pair.size() != 2) {
                throw refusal("it has the merge %s, which is no pair".formatted(merge));
            }
            pairs.add(pair);
        }
        return pairs;
    }

    /// The earlier a piece is merged, the higher its score, as SentencePiece counts.
    private GgufValue scores(List<String> tokens, JsonNode merges) {
        var ranks = new HashMap<String, Integer>();
        merges(merges).forEach(pair -> ranks.putIfAbsent(pair.get(0) + pair.get(1), ranks.size()));
        var scores = new ArrayList<GgufValue>();
        for (var token : tokens) {
            boolean single = token.codePointCount(0, token.length()) == 1;
            scores.add(GgufValue.real(
                    single
                            ? -ranks.size() - scores.size()
                            : -ranks.getOrDefault(token, 0).doubleValue()));
        }
        return new GgufValue.Array(Kind.FLOAT32, scores);
    }

    private GgufValue types(List<String> tokens, boolean pieces) {
        var types = new int[tokens.size()];
        for (int id = 0; id < types.length; id++) {
            boolean known = ids.containsKey(tokens.get(id));
            types[id] = !known ? UNUSED : pieces && tokens.get(id).matches("<0x[0-9A-F]{2}>") ? BYTE : NORMAL;
        }
        for (var token : tokenizer.path("added_tokens")) {
            types[token.path("id").asInt()] = token.path("special").asBoolean() ? CONTROL : USER;
        }
        var unknown = ids.get(tokenizer.path("model").path("unk_token").asText());
        if (unknown != null) {
            types[unknown] = UNKNOWN;
            put("unknown_token_id", GgufValue.unsigned(unknown));
        }
        var values = new ArrayList<GgufValue>();
        for (int type : types) {
            values.add(new GgufValue.Whole(Kind.INT32, type));
        }
        return new GgufValue.Array(Kind.INT32, values);
    }

    /// Whether a space is set before the first word.
    private boolean prefixed() {
        return parts(tokenizer.path("normalizer"), "normalizers").stream()
                        .anyMatch(part -> part.path("type").asText().equals("Prepend"))
                || parts(tokenizer.path("pre_tokenizer"), "pretokenizers").stream()
                        .anyMatch(part -> part.path("type").asText().equals("Metaspace")
                                && !part.path("prepend_scheme").asText().equals("never"));
    }

    private static List<JsonNode> parts(JsonNode node, String list) {
        if (node.path("type").asText().equals("Sequence")) {
            return StreamSupport.stream(node.path(list).spliterator(), false).toList();
        }
        return node.isObject() ? List.of(node) : List.of();
    }

    private String split() {
        var parts = parts(tokenizer.path("pre_tokenizer"), "pretokenizers");
        var last = parts.isEmpty() ? JsonNodeFactory.instance.objectNode() : parts.getLast();
        if (last.path("type").asText().equals("ByteLevel")) {
            boolean own = last.path("use_regex").asBoolean(true);
            var first = parts.getFirst();
            if (parts.size() == 1 && own) {
                return "gpt-2";
            }
            if (parts.size() == 2 && own && first.path("individual_digits").asBoolean(false)) {
                return "smollm";
            }
            var pattern = first.path("pattern").path("Regex").asText();
            for (var known : SPLITS.entrySet()) {
                if (parts.size() == 2 && !own && known.getValue().equals(pattern)) {
                    return known.getKey();
                }
            }
        }
        throw refusal("its pre_tokenizer is none that GGUF is written for: gpt-2, smollm, llama-bpe, qwen2");
    }

    private void readEnds() {
        readEnd("bos_token", "bos_token_id");
        readEnd("eos_token", "eos_token_id");
        readEnd("pad_token", "padding_token_id");
        put("add_bos_token", GgufValue.of(framed(tokenizer.path("post_processor"))));
        put("add_eos_token", GgufValue.of(false));
    }

    private void readEnd(String name, String key) {
        var token = settings.path(name);
        var id = ids.get(token.isObject() ? token.path("content").asText() : token.asText());
        var given = config.path(name + "_id");
        var first = given.isArray() ? given.path(0) : given;
        if (id != null) {
            put(key, GgufValue.unsigned(id));
        } else if (first.isIntegralNumber()) {
            put(key, GgufValue.unsigned(first.asLong()));
        }
    }

    /// Whether a begin token is set before a text.
    private static boolean framed(JsonNode processor) {
        return parts(processor, "processors").stream()
                .anyMatch(part -> part.path("single").path(0).has("SpecialToken"));
    }

    private void readTemplate(Path folder) {
        var template = settings.path("chat_template");
        if (Files.isRegularFile(folder.resolve("chat_template.jinja"))) {
            keys.put(TEMPLATE, GgufValue.of(text(folder.resolve("chat_template.jinja"))));
        } else if (template.isTextual()) {
            keys.put(TEMPLATE, GgufValue.of(template.asText()));
        }
        template.forEach(named -> {
            if (named.path("name").asText().equals("default")) {
                keys.putIfAbsent(TEMPLATE, GgufValue.of(named.path("template").asText()));
            }
        });
    }

    private IllegalArgumentException refusal(String reason) {
        return new IllegalArgumentException("%s: %s".formatted(file, reason));
    }
}
