package dev.gyre.annotation.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// How similar texts are, without comparing them: two signatures have the share of places in common that the texts have
/// of their five-character pieces (Broder 1997, [paper](https://doi.org/10.1109/SEQUEN.1997.666900)).
///
/// In sixteen bands of four places, texts of which half the pieces are common share a band two times of three.
///
/// @param signature the least hash under each of 64 orders
record MinHash(List<Integer> signature) {

    static final int PLACES = 64;

    private static final int ROWS = 4;
    private static final int PIECE = 5;
    private static final int MOST_CHARACTERS = 20_000;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    MinHash {
        signature = List.copyOf(signature);
    }

    /// Case, punctuation and white space make no difference.
    static MinHash of(String text) {
        var part = text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
        var plain = BETWEEN_WORDS
                .matcher(part.toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
        var least = new int[PLACES];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int start = 0; start <= Math.max(0, plain.length() - PIECE); start++) {
            long piece = hash(plain, start, Math.min(plain.length(), start + PIECE));
            for (int place = 0; place < PLACES; place++) {
                least[place] = Math.min(least[place], (int) mixed(piece + place * GOLDEN));
            }
        }
        return new MinHash(Arrays.stream(least).boxed().toList());
    }

    private static long hash(String text, int start, int end) {
        long hash = 0;
        for (int at = start; at < end; at++) {
            hash = mixed(hash + text.charAt(at) + GOLDEN);
        }
        return hash;
    }

    /// The finalizer of SplitMix64.
    private static long mixed(long bits) {
        long once = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }

    /// One number for each band, which says also which band it is.
    List<Integer> bands() {
        var bands = new ArrayList<Integer>();
        for (int band = 0; band < PLACES / ROWS; band++) {
            long hash = band;
            for (int row = 0; row < ROWS; row++) {
                hash = mixed(hash + signature.get(band * ROWS + row) + GOLDEN);
            }
            bands.add((int) hash);
        }
        return bands;
    }

    /// Estimated share of the pieces that both texts have, 0 to 1.
    double similarity(MinHash other) {
        int same = 0;
        for (int place = 0; place < PLACES; place++) {
            same += signature.get(place).equals(other.signature.get(place)) ? 1 : 0;
        }
        return (double) same / PLACES;
    }
}
