package dev.gyre.llm.gguf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The tokenizer of a GGUF file, as the files of a Hugging Face folder say it.
final class TokenizerJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SPACE = "▁";

    private final GgufFile file;
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();

    private TokenizerJson(GgufFile file) {
        this.file = file;
        for (var token : file.array(TokenizerKeys.PREFIX + "tokens")) {
            if (!(token instanceof GgufValue.Text text)) {
                throw new IllegalArgumentException("%s: a token is %s, must be a text".formatted(file.path(), token));
            }
            ids.put(text.value(), tokens.size());
            tokens.add(text.value());
        }
        if (tokens.isEmpty()) {
            throw file.missing(TokenizerKeys.PREFIX + "tokens", "a list of texts");
        }
    }

    /// Writes `tokenizer.json`, `tokenizer_config.json` and the chat template.
    ///
    /// @param context longest row in tokens
    static void write(GgufFile file, Path folder, long context) {
        var tokenizer = new TokenizerJson(file);
        JsonFile.write(folder.resolve("tokenizer.json"), tokenizer.whole());
        var settings = tokenizer.settings().put("model_max_length", context);
        file.optionalText(TokenizerKeys.TEMPLATE).ifPresent(template -> {
            settings.put("chat_template", template);
            writeText(folder.resolve("chat_template.jinja"), template);
        });
        JsonFile.write(folder.resolve("tokenizer_config.json"), settings);
    }

    private static void writeText(Path path, String text) {
        try {
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(path), e);
        }
    }

    private ObjectNode settings() {
        var settings = NODES.objectNode();
        settings.put("tokenizer_class", "PreTrainedTokenizerFast");
        settings.put("clean_up_tokenization_spaces", false);
        token("bos_token_id").ifPresent(token -> settings.put("bos_token", token));
        token("eos_token_id").ifPresent(token -> settings.put("eos_token", token));
        token("unknown_token_id").ifPresent(token -> settings.put("unk_token", token));
        token("padding_token_id").ifPresent(token -> settings.put("pad_token", token));
        return settings;
    }

    private Optional<String> token(String key) {
        var id = file.whole(TokenizerKeys.PREFIX + key);
        if (id.isPresent() && (id.get() < 0 || id.get() >= tokens.size())) {
            throw file.missing(TokenizerKeys.PREFIX + key, "below the %d tokens".formatted(tokens.size()));
        }
        return id.map(value -> tokens.get(value.intValue()));
    }

    private ObjectNode whole() {
        var kept = file.optionalText(TokenizerKeys.WHOLE);
        if (kept.isEmpty()) {
            return rebuilt();
        }
        try {
            if (new ObjectMapper().readTree(kept.get()) instanceof ObjectNode json) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s: %s is not JSON: %s".formatted(file.path(), TokenizerKeys.WHOLE, e.getOriginalMessage()), e);
        }
        throw new IllegalArgumentException("%s: %s is not a JSON object".formatted(file.path(), TokenizerKeys.WHOLE));
    }

    private ObjectNode rebuilt() {
        var kind = file.text(TokenizerKeys.PREFIX + "model");
        if (kind.equals("bert")) {
            return WordPieces.json(tokens, token("unknown_token_id").orElse("[UNK]"));
        }
        var json = NODES.objectNode().put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        putAdded(json);
        switch (kind) {
            case "llama" -> putPieces(json);
            case "gpt2" -> putBytes(json);
            default -> throw file.missing(TokenizerKeys.PREFIX + "model", "llama, gpt2 or bert");
        }
        putFrame(json, kind.equals("llama"));
        var model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        token("unknown_token_id").ifPresent(token -> model.put("unk_token", token));
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", kind.equals("llama")).put("byte_fallback", kind.equals("llama"));
        model.put("ignore_merges", pre().equals("llama-bpe"));
        var vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            if (type(id) != TokenizerKeys.UNUSED) {
                vocabulary.put(tokens.get(id), id);
            }
        }
        var merges = model.putArray("merges");
        merges().forEach(pair -> merges.addArray().add(pair.get(0)).add(pair.get(1)));
        return json;
    }

    private String pre() {
        return file.optionalText(TokenizerKeys.PREFIX + "pre").orElse("default");
    }

    private int type(int id) {
        var types = file.array(TokenizerKeys.PREFIX + "token_type");
        return id < types.size() && types.get(id) instanceof GgufValue.Whole whole
                ? (int) whole.value()
                : TokenizerKeys.NORMAL;
    }

    private void putAdded(ObjectNode json) {
        var added = json.putArray("added_tokens");
        for (int id = 0; id < tokens.size(); id++) {
            int type = type(id);
            boolean special = type == TokenizerKeys.CONTROL || type == TokenizerKeys.UNKNOWN;
            if (special || type == TokenizerKeys.USER) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", special);
            }
        }
    }

    /// SentencePiece style: a space is a character of its own, an unknown character falls back to bytes.
    private void putPieces(ObjectNode json) {
        var steps = json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        boolean prefixed = file.flag(TokenizerKeys.PREFIX + "add_space_prefix", true);
        if (prefixed) {
            steps.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        var replace = steps.addObject().put("type", "Replace").put("content", SPACE);
        replace.putObject("pattern").put("String", " ");
        json.putNull("pre_tokenizer");
        var decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        var back = decoders.addObject().put("type", "Replace").put("content", " ");
        back.putObject("pattern").put("String", SPACE);
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefixed) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
    }

    private void putBytes(ObjectNode json) {
        var pre = pre();
        json.set("normalizer", pre.equals("qwen2") ? NODES.objectNode().put("type", "NFC") : NODES.nullNode());
        var split = TokenizerKeys.SPLITS.get(pre);
        if (pre.equals("gpt-2")) {
            json.set("pre_tokenizer", byteLevel(true));
        } else if (pre.equals("smollm") || split != null) {
            var steps = json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
            if (split == null) {
                steps.addObject().put("type", "Digits").put("individual_digits", true);
            } else {
                var cut = steps.addObject()
                        .put("type", "Split")
                        .put("behavior", "Isolated")
                        .put("invert", false);
                cut.putObject("pattern").put("Regex", split);
            }
            steps.add(byteLevel(split == null));
        } else {
            throw file.missing(TokenizerKeys.PREFIX + "pre", "gpt-2, smollm, llama-bpe or qwen2");
        }
        json.set("decoder", byteLevel(true));
    }

    private static ObjectNode byteLevel(boolean ownSplit) {
        return NODES.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", ownSplit);
    }

    private void putFrame(ObjectNode json, boolean otherwise) {
        var begin = token("bos_token_id");
        if (begin.isEmpty() || !file.flag(TokenizerKeys.PREFIX + "add_bos_token", otherwise)) {
            json.putNull("post_processor");
            return;
        }
        var frame = json.putObject("post_processor").put("type", "TemplateProcessing");
        var single = frame.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", begin.get()).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        var pair = frame.putArray("pair").addAll(single.deepCopy());
        pair.addObject().putObject("SpecialToken").put("id", begin.get()).put("type_id", 1);
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        var token = frame.putObject("special_tokens").putObject(begin.get()).put("id", begin.get());
        token.putArray("ids").add(Objects.requireNonNull(ids.get(begin.get())));
        token.putArray("tokens").add(begin.get());
    }

    private List<List<String>> merges() {
        var given = file.array(TokenizerKeys.PREFIX + "merges");
        if (given.isEmpty()) {
            return mergesByScore();
        }
        var pairs = new ArrayList<List<String>>();
        for (var merge : given) {
            if (!(merge instanceof GgufValue.Text text) || text.value().indexOf(' ', 1) < 0) {
                throw new IllegalArgumentException("%s: a merge is %s, must be a pair".formatted(file.path(), merge));
            }
            int space = text.value().indexOf(' ', 1);
            pairs.add(List.of(text.value().substring(0, space), text.value().substring(space + 1)));
        }
        return pairs;
    }

    private record Merge(String left, String right, double score) {}

    /// Every way to make a piece of two others, the highest score first.
    private List<List<String>> mergesByScore() {
        var scores = file.array(TokenizerKeys.PREFIX + "scores");
        var merges = new ArrayList<Merge>();
        for (int id = 0; id < Math.min(tokens.size(), scores.size()); id++) {
            if (type(id) == TokenizerKeys.NORMAL && scores.get(id) instanceof GgufValue.Real score) {
                merges.addAll(splits(tokens.get(id), score.value()));
            }
        }
        merges.sort(Comparator.comparingDouble((Merge merge) -> -merge.score()));
        return merges.stream()
                .map(merge -> List.of(merge.left(), merge.right()))
                .toList();
    }

    private List<Merge> splits(String piece, double score) {
        var splits = new ArrayList<Merge>();
        for (int at = 1; at < piece.length(); at++) {
            var merge = new Merge(piece.substring(0, at), piece.substring(at), score);
            if (ids.containsKey(merge.left()) && ids.containsKey(merge.right())) {
                splits.add(merge);
            }
        }
        splits.sort(Comparator.comparing((Merge merge) -> Objects.requireNonNull(ids.get(merge.left())))
                .thenComparing(merge -> Objects.requireNonNull(ids.get(merge.right()))));
        return splits;
    }
}
