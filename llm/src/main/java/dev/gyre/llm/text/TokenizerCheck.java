package dev.gyre.llm.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.checkpoint.JsonFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks through a `tokenizer.json` before native code reads it, which ends the process where it is malformed.
final class TokenizerCheck {

    private static final Map<String, Set<String>> PARTS = Map.of(
            "normalizer",
                    Set.of(
                            "Sequence",
                            "BertNormalizer",
                            "StripNormalizer",
                            "Strip",
                            "StripAccents",
                            "NFC",
                            "NFD",
                            "NFKC",
                            "NFKD",
                            "Lowercase",
                            "Nmt",
                            "Precompiled",
                            "Replace",
                            "Prepend",
                            "ByteLevel"),
            "pre_tokenizer",
                    Set.of(
                            "Sequence",
                            "BertPreTokenizer",
                            "ByteLevel",
                            "CharDelimiterSplit",
                            "Metaspace",
                            "Whitespace",
                            "Split",
                            "Punctuation",
                            "WhitespaceSplit",
                            "Digits",
                            "UnicodeScripts",
                            "FixedLength"),
            "post_processor",
                    Set.of("Sequence", "RobertaProcessing", "BertProcessing", "ByteLevel", "TemplateProcessing"),
            "decoder",
                    Set.of(
                            "Sequence",
                            "BPEDecoder",
                            "ByteLevel",
                            "WordPiece",
                            "Metaspace",
                            "CTC",
                            "Replace",
                            "Fuse",
                            "Strip",
                            "ByteFallback"));
    private static final Map<String, String> LISTS = Map.of(
            "normalizer", "normalizers",
            "pre_tokenizer", "pretokenizers",
            "post_processor", "processors",
            "decoder", "decoders");
    private static final List<String> MODELS = List.of("BPE", "WordPiece", "WordLevel", "Unigram");

    private final Path file;

    private TokenizerCheck(Path file) {
        this.file = file;
    }

    /// @throws IllegalArgumentException where the file is cut or malformed, with the place
    static void check(Path file) {
        var json = JsonFile.read(file);
        var check = new TokenizerCheck(file);
        LISTS.keySet().forEach(part -> check.part(json.path(part), part, part, 0));
        check.model(json.path("model"));
        check.added(json.path("added_tokens"));
    }

    private void need(boolean holds, String place, JsonNode found, String wanted) {
        if (!holds) {
            var shown = found.isMissingNode() ? "missing" : found.toString();
            throw new IllegalArgumentException("%s is not a tokenizer: %s is %s, must be %s"
                    .formatted(file, place, shown.length() > 60 ? shown.substring(0, 60) + "…" : shown, wanted));
        }
    }

    private void part(JsonNode part, String kind, String place, int depth) {
        if (part.isNull() || part.isMissingNode()) {
            return;
        }
        var known = PARTS.getOrDefault(kind, Set.of());
        need(depth < 8, place, part, "nested at most 8 deep");
        need(part.isObject(), place, part, "an object");
        need(known.contains(part.path("type").asText()), place + ".type", part.path("type"), "one of " + known);
        if (part.path("type").asText().equals("Sequence")) {
            var list = LISTS.getOrDefault(kind, "");
            need(part.path(list).isArray(), place + "." + list, part.path(list), "an array");
            for (var each : part.path(list)) {
                need(each.isObject(), place + "." + list, each, "an object");
                part(each, kind, place + "." + list, depth + 1);
            }
        }
        strings(part, place);
    }

    /// What native code takes apart without looking.
    private void strings(JsonNode part, String place) {
        for (var name : List.of("content", "prepend", "replacement", "delimiter")) {
            var text = part.path(name);
            need(text.isMissingNode() || text.isTextual(), place + "." + name, text, "a string");
        }
        for (var name : List.of("prepend", "replacement", "delimiter")) {
            need(
                    part.path(name).isMissingNode() || !part.path(name).asText().isEmpty(),
                    place + "." + name,
                    part.path(name),
                    "not empty");
        }
        var template = part.path("special_tokens");
        template.properties().forEach(entry -> {
            var token = entry.getValue();
            need(
                    token.path("ids").isArray()
                            && token.path("ids").size() == token.path("tokens").size(),
                    place + ".special_tokens",
                    token,
                    "as many ids as tokens");
            token.path("ids").forEach(id -> need(isId(id), place + ".special_tokens", id, "an id"));
        });
        for (var list : List.of("single", "pair")) {
            for (var piece : part.path(list)) {
                var token = piece.path("SpecialToken").path("id");
                need(
                        token.isMissingNode() || template.has(token.asText()),
                        place + "." + list,
                        piece,
                        "a token of special_tokens");
            }
        }
    }

    private static boolean isId(JsonNode id) {
        return id.isIntegralNumber() && id.canConvertToInt() && id.asInt() >= 0;
    }

    private void model(JsonNode model) {
        need(model.isObject(), "model", model, "an object");
        var type = model.path("type");
        need(type.isMissingNode() || MODELS.contains(type.asText()), "model.type", type, "one of " + MODELS);
        var vocabulary = model.path("vocab");
        need(vocabulary.isObject() || vocabulary.isArray(), "model.vocab", vocabulary, "the tokens");
        need(!vocabulary.isEmpty(), "model.vocab", vocabulary, "not empty");
        if (vocabulary.isArray()) {
            for (var each : vocabulary) {
                need(
                        each.isArray()
                                && each.size() == 2
                                && each.path(0).isTextual()
                                && each.path(1).isNumber(),
                        "model.vocab",
                        each,
                        "a token and its score");
            }
            return;
        }
        var ids = new HashSet<Integer>();
        vocabulary.properties().forEach(entry -> {
            need(isId(entry.getValue()), "model.vocab." + entry.getKey(), entry.getValue(), "an id");
            need(
                    ids.add(entry.getValue().asInt()),
                    "model.vocab." + entry.getKey(),
                    entry.getValue(),
                    "an id of its own");
        });
        var unknown = model.path("unk_token");
        need(
                unknown.isMissingNode()
                        || unknown.isNull()
                        || unknown.asText().isEmpty()
                        || vocabulary.has(unknown.asText()),
                "model.unk_token",
                unknown,
                "a token of the vocabulary");
        for (var merge : model.path("merges")) {
            merge(merge, vocabulary, model.path("continuing_subword_prefix").asText(""));
        }
    }

    private void merge(JsonNode merge, JsonNode vocabulary, String prefix) {
        var parts = merge.isTextual()
                ? List.of(merge.asText().split(" ", -1))
                : List.of(merge.path(0).asText(), merge.path(1).asText());
        need(parts.size() == 2 && (merge.isTextual() || merge.size() == 2), "model.merges", merge, "two tokens");
        var right = parts.getLast();
        var rest = right.startsWith(prefix) ? right.substring(prefix.length()) : right;
        need(
                vocabulary.has(parts.getFirst())
                        && vocabulary.has(right)
                        && vocabulary.has(parts.getFirst() + rest),
                "model.merges",
                merge,
                "tokens of the vocabulary whose union is one too");
    }

    private void added(JsonNode tokens) {
        need(tokens.isMissingNode() || tokens.isNull() || tokens.isArray(), "added_tokens", tokens, "an array");
        for (var each : tokens) {
            need(isId(each.path("id")), "added_tokens.id", each.path("id"), "an id");
            need(
                    each.path("content").isTextual()
                            && !each.path("content").asText().isEmpty(),
                    "added_tokens.content",
                    each.path("content"),
                    "a text");
        }
    }
}
