package dev.gyre.llm.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Learns a byte-level byte-pair encoding ([paper](https://arxiv.org/abs/1508.07909), algorithm 1) and
/// writes its `tokenizer.json`, which DJL and transformers load.
///
/// Any text can be written in it, because every byte is a token. Equal counts are
/// merged in the order in which their tokens were learned, as the Python trainer does; so the same
/// texts give the same tokenizer.
public final class BytePairTrainer {

    public static final String BEGIN = "<s>";
    public static final String END = "</s>";

    /// Ids of [#BEGIN] and [#END].
    public static final int BEGIN_ID = 0;

    public static final int END_ID = 1;

    private static final List<String> SPECIAL = List.of(BEGIN, END);

    /// The smallest vocabulary: every byte, begin and end.
    public static final int LEAST = 256 + SPECIAL.size();

    /// GPT-2's words: contractions, letters, digits, signs, each with a space before it; and spaces.
    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private BytePairTrainer() {}

    /// Learns from texts and writes `tokenizer.json` and `tokenizer_config.json`.
    ///
    /// @param vocabulary most tokens, 258 (256 bytes, begin and end) or more; fewer result where the
    /// texts have no
    /// more pairs
    /// @return number of tokens
    public static int train(Iterable<String> texts, int vocabulary, Path folder, int context) {
        var alphabet = alphabet();
        if (vocabulary < LEAST) {
            throw new IllegalArgumentException("vocabulary is %d, must be %d or more".formatted(vocabulary, LEAST));
        }
        var tokens = new ArrayList<>(SPECIAL);
        alphabet.values().stream().sorted().forEach(tokens::add);
        var merger = new PairMerger(tokens);
        words(texts).forEach((word, count) -> merger.add(bytes(word, alphabet), count));
        var merges = merger.merge(vocabulary);
        var json = TokenizerFile.start(SPECIAL, BEGIN);
        byteLevel(json.putObject("pre_tokenizer"));
        byteLevel(json.putObject("decoder"));
        TokenizerFile.model(json, tokens, merges);
        TokenizerFile.write(folder, json, BEGIN, END, context);
        return tokens.size();
    }

    private static Map<String, Long> words(Iterable<String> texts) {
        var counts = new HashMap<String, Long>();
        for (var text : texts) {
            var matcher = WORD.matcher(text);
            while (matcher.find()) {
                counts.merge(matcher.group(), 1L, Long::sum);
            }
        }
        return new TreeMap<>(counts);
    }

    private static List<String> bytes(String word, Map<Integer, String> alphabet) {
        var parts = new ArrayList<String>();
        for (byte each : word.getBytes(UTF_8)) {
            parts.add(alphabet.getOrDefault(each & 0xff, ""));
        }
        return parts;
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

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }
}
