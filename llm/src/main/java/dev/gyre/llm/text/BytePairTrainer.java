package dev.gyre.llm.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Learns a byte-level byte-pair encoding ([paper](https://arxiv.org/abs/1508.07909), algorithm 1) and
/// writes its
/// `tokenizer.json`, which DJL and transformers load.
///
/// Any text can be written in it, because every byte is a token. Equal counts are merged in the order
/// of their texts,
/// so
/// the same texts give the same tokenizer.
public final class BytePairTrainer {

    public static final String BEGIN = "<s>";
    public static final String END = "</s>";

    /// Ids of [#BEGIN] and [#END].
    public static final int BEGIN_ID = 0;

    public static final int END_ID = 1;

    private static final List<String> SPECIAL = List.of(BEGIN, END);

    /// GPT-2's words: contractions, letters, digits, signs, each with a space before it; and spaces.
    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private record Pair(String left, String right) implements Comparable<Pair> {

        @Override
        public int compareTo(Pair other) {
            return Comparator.comparing(Pair::left).thenComparing(Pair::right).compare(this, other);
        }
    }

    private static final class Word {
        private List<String> parts;
        private final long count;

        private Word(List<String> parts, long count) {
            this.parts = parts;
            this.count = count;
        }
    }

    private BytePairTrainer() {}

    /// Learns from texts and writes `tokenizer.json` and `tokenizer_config.json`.
    ///
    /// @param vocabulary most tokens, 258 (256 bytes, begin and end) or more; fewer result where the
    /// texts have no
    /// more pairs
    /// @return number of tokens
    public static int train(Iterable<String> texts, int vocabulary, Path folder, int context) {
        var alphabet = alphabet();
        if (vocabulary < alphabet.size() + SPECIAL.size()) {
            throw new IllegalArgumentException(
                    "vocabulary is %d, must be %d or more".formatted(vocabulary, alphabet.size() + SPECIAL.size()));
        }
        var words = words(texts, alphabet);
        var tokens = new ArrayList<>(SPECIAL);
        alphabet.values().stream().sorted().forEach(tokens::add);
        var merges = new ArrayList<Pair>();
        while (tokens.size() < vocabulary) {
            var best = mostFrequent(words);
            if (best == null) {
                break;
            }
            merges.add(best);
            tokens.add(best.left() + best.right());
            words.forEach(word -> merge(word, best));
        }
        JsonFile.write(folder.resolve("tokenizer.json"), tokenizer(tokens, merges));
        JsonFile.write(folder.resolve("tokenizer_config.json"), configuration(context));
        return tokens.size();
    }

    private static List<Word> words(Iterable<String> texts, Map<Integer, String> alphabet) {
        var counts = new TreeMap<String, Long>();
        for (var text : texts) {
            WORD.matcher(text).results().forEach(match -> counts.merge(match.group(), 1L, Long::sum));
        }
        var words = new ArrayList<Word>();
        counts.forEach((word, count) -> {
            var parts = new ArrayList<String>();
            for (byte each : word.getBytes(UTF_8)) {
                parts.add(alphabet.getOrDefault(each & 0xff, ""));
            }
            words.add(new Word(parts, count));
        });
        return words;
    }

    private static @Nullable Pair mostFrequent(List<Word> words) {
        var counts = new HashMap<Pair, Long>();
        for (var word : words) {
            for (int i = 0; i + 1 < word.parts.size(); i++) {
                counts.merge(new Pair(word.parts.get(i), word.parts.get(i + 1)), word.count, Long::sum);
            }
        }
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .max(Map.Entry.<Pair, Long>comparingByValue()
                        .thenComparing(Map.Entry.<Pair, Long>comparingByKey().reversed()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private static void merge(Word word, Pair pair) {
        var merged = new ArrayList<String>(word.parts.size());
        int i = 0;
        while (i < word.parts.size()) {
            boolean here = i + 1 < word.parts.size()
                    && word.parts.get(i).equals(pair.left())
                    && word.parts.get(i + 1).equals(pair.right());
            merged.add(here ? pair.left() + pair.right() : word.parts.get(i));
            i += here ? 2 : 1;
        }
        word.parts = merged;
    }

    /// GPT-2's visible character for each byte: itself where it is printable, else one from U+0100 on.
    private static Map<Integer, String> alphabet() {
        var characters = new LinkedHashMap<Integer, String>();
        int next = 0x100;
        for (int each = 0; each < 256; each++) {
            boolean visible = (each >= '!' && each <= '~') || (each >= 0xa1 && each <= 0xac) || each >= 0xae;
            characters.put(each, Character.toString(visible ? each : next));
            next += visible ? 0 : 1;
        }
        return characters;
    }

    private static ObjectNode tokenizer(List<String> tokens, List<Pair> merges) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        var added = json.putArray("added_tokens");
        for (var special : SPECIAL) {
            var token = added.addObject();
            token.put("id", SPECIAL.indexOf(special)).put("content", special).put("single_word", false);
            token.put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        json.putNull("normalizer");
        byteLevel(json.putObject("pre_tokenizer"));
        var template = json.putObject("post_processor").put("type", "TemplateProcessing");
        var single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", BEGIN).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        var pair = template.putArray("pair");
        pair.addObject().putObject("SpecialToken").put("id", BEGIN).put("type_id", 0);
        pair.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        var begin = template.putObject("special_tokens").putObject(BEGIN).put("id", BEGIN);
        begin.putArray("ids").add(SPECIAL.indexOf(BEGIN));
        begin.putArray("tokens").add(BEGIN);
        byteLevel(json.putObject("decoder"));
        var model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        var ids = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        var list = model.putArray("merges");
        merges.forEach(merge -> list.add(merge.left() + " " + merge.right()));
        return json;
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static ObjectNode configuration(int context) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("tokenizer_class", "PreTrainedTokenizerFast");
        json.put("bos_token", BEGIN).put("eos_token", END).put("pad_token", END);
        json.put("model_max_length", context).put("clean_up_tokenization_spaces", false);
        return json;
    }
}
