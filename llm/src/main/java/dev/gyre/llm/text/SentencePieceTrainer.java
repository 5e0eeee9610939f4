package dev.gyre.llm.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Learns a byte-pair encoding of characters in the manner of SentencePiece and writes its `tokenizer.json`.
///
/// A space is part of the word after it, written `▁` (U+2581), and each text begins with one
/// ([SentencePiece](https://arxiv.org/abs/1808.06226), section 3.2). The frequent characters that make
/// up 99.95 % of the texts are tokens; any other is written in its UTF-8 bytes. DJL and transformers
/// load it as they load Llama 2's.
public final class SentencePieceTrainer {

    public static final String UNKNOWN = "<unk>";
    public static final String BEGIN = "<s>";
    public static final String END = "</s>";

    private static final List<String> SPECIAL = List.of(UNKNOWN, BEGIN, END);
    private static final char SPACE = '▁';
    private static final double COVERAGE = 0.9995;

    private SentencePieceTrainer() {}

    /// Learns from texts and writes `tokenizer.json` and `tokenizer_config.json`.
    ///
    /// @param vocabulary most tokens, 259 (256 bytes and three special ones) and at least one character
    /// or more; fewer result where the texts have no more pairs
    /// @param context most tokens of a text, written to the configuration
    /// @return number of tokens
    /// @throws IllegalArgumentException where the characters of the texts leave no room
    public static int train(Iterable<String> texts, int vocabulary, Path folder, int context) {
        var words = words(texts);
        var characters = characters(words);
        var tokens = new ArrayList<>(SPECIAL);
        for (int each = 0; each < 256; each++) {
            tokens.add("<0x%02X>".formatted(each));
        }
        tokens.addAll(characters);
        if (vocabulary < tokens.size()) {
            throw new IllegalArgumentException(
                    "vocabulary is %d, must be %d or more: 3 special tokens, 256 bytes and %d characters"
                            .formatted(vocabulary, tokens.size(), characters.size()));
        }
        var merger = new PairMerger(tokens);
        var known = Set.copyOf(characters);
        words.forEach((word, count) -> runs(word, known).forEach(run -> merger.add(run, count)));
        var merges = merger.merge(vocabulary);
        write(tokens, merges, folder, context);
        return tokens.size();
    }

    private static Map<String, Long> words(Iterable<String> texts) {
        var counts = new HashMap<String, Long>();
        for (var text : texts) {
            if (text.isEmpty()) {
                continue;
            }
            var spaced = SPACE + text.replace(' ', SPACE);
            int from = 0;
            while (from < spaced.length()) {
                int next = spaced.indexOf(SPACE, from + 1);
                int to = next < 0 ? spaced.length() : next;
                counts.merge(spaced.substring(from, to), 1L, Long::sum);
                from = to;
            }
        }
        return new TreeMap<>(counts);
    }

    /// The frequent characters in the order of their code points.
    private static List<String> characters(Map<String, Long> words) {
        var counts = new HashMap<Integer, Long>();
        words.forEach((word, count) -> word.codePoints().forEach(each -> counts.merge(each, count, Long::sum)));
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        var frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        var kept = new ArrayList<Integer>();
        long covered = 0;
        for (var each : frequent) {
            if (covered >= COVERAGE * all) {
                break;
            }
            kept.add(each.getKey());
            covered += each.getValue();
        }
        return kept.stream().sorted().map(Character::toString).collect(Collectors.toList());
    }

    /// The parts of a word between characters that are no tokens.
    private static List<List<String>> runs(String word, Set<String> known) {
        var runs = new ArrayList<List<String>>();
        var run = new ArrayList<String>();
        for (int each : word.codePoints().toArray()) {
            var character = Character.toString(each);
            if (known.contains(character)) {
                run.add(character);
            } else {
                runs.add(run);
                run = new ArrayList<>();
            }
        }
        runs.add(run);
        return runs;
    }

    private static void write(List<String> tokens, List<PairMerger.Merge> merges, Path folder, int context) {
        var space = String.valueOf(SPACE);
        var json = TokenizerFile.start(SPECIAL, BEGIN);
        var normalizers = json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.addObject().put("type", "Prepend").put("prepend", space);
        normalizers
                .addObject()
                .put("type", "Replace")
                .put("content", space)
                .putObject("pattern")
                .put("String", " ");
        json.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "MergedWithNext")
                .put("invert", false)
                .putObject("pattern")
                .put("String", space);
        var decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("String", space);
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        decoders.addObject()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
        TokenizerFile.model(json, tokens, merges)
                .put("unk_token", UNKNOWN)
                .put("fuse_unk", true)
                .put("byte_fallback", true);
        TokenizerFile.write(folder, json, BEGIN, END, context);
    }
}
