package dev.gyre.eval.embedding;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Counts words, pairs of words and character trigrams in 256 buckets: no model, no download.
///
/// Weinberger and others, "Feature hashing for large scale multitask learning", ICML 2009.
public final class HashingEmbedder implements TextEmbedder {

    private static final int DIMENSIONS = 256;
    private static final int TRIGRAM = 3;
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    @Override
    public String name() {
        return "hashing-256";
    }

    @Override
    public List<Embedding> embed(List<String> texts) {
        return texts.stream().map(HashingEmbedder::embed).toList();
    }

    private static Embedding embed(String text) {
        var sums = new float[DIMENSIONS];
        var previous = "";
        for (var word : BETWEEN.splitAsStream(text.toLowerCase(Locale.ROOT)).toList()) {
            if (!word.isEmpty()) {
                add(sums, "1 " + word, 1);
                add(sums, "2 " + previous + " " + word, 0.5f);
                var padded = "<" + word + ">";
                for (var i = 0; i + TRIGRAM <= padded.length(); i++) {
                    add(sums, "3 " + padded.substring(i, i + TRIGRAM), 0.5f);
                }
                previous = word;
            }
        }
        return Embedding.of(sums);
    }

    private static void add(float[] sums, String feature, float weight) {
        var hash = mixed(feature.hashCode());
        sums[hash >>> 24] += (hash & 1) == 0 ? weight : -weight;
    }

    /// The finaliser of MurmurHash3, which spreads every bit.
    private static int mixed(int hash) {
        var mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
