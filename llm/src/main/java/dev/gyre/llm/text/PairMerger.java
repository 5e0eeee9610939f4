package dev.gyre.llm.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/// Finds the pairs that byte-pair encoding merges ([paper](https://arxiv.org/abs/1508.07909), algorithm 1).
///
/// Only the words that hold a pair are touched when it is merged. Of pairs that are equally frequent
/// the one whose tokens were known first is merged first, as the Python trainer has it.
final class PairMerger {

    private static final int SMALLEST_COUNT = 2;

    record Merge(String left, String right) {}

    private record Candidate(long pair, long count) {}

    /// Words in which a pair stands.
    private static final class Places {
        private int[] words = new int[4];
        private int size;

        private void add(int word) {
            if (size > 0 && words[size - 1] == word) {
                return;
            }
            if (size == words.length) {
                words = Arrays.copyOf(words, size * 2);
            }
            words[size] = word;
            size++;
        }
    }

    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private final Map<Long, Long> frequency = new HashMap<>();
    private final Map<Long, Places> places = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(
            Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair));

    /// @param tokens known at the start; the merged ones are added behind them
    PairMerger(List<String> tokens) {
        this.tokens = tokens;
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
    }

    /// A word as tokens that are known, and how often it stands in the texts.
    void add(List<String> parts, long count) {
        if (parts.size() > 1) {
            words.add(parts.stream()
                    .mapToInt(part -> Objects.requireNonNull(ids.get(part), part))
                    .toArray());
            counts.add(count);
        }
    }

    /// Merges until there are so many tokens, or no pair stands twice.
    List<Merge> merge(int vocabulary) {
        var merges = new ArrayList<Merge>();
        for (int word = 0; word < words.size(); word++) {
            var parts = words.get(word);
            for (int i = 0; i + 1 < parts.length; i++) {
                change(pair(parts[i], parts[i + 1]), word, counts.get(word));
            }
        }
        frequency.forEach((pair, count) -> queue.add(new Candidate(pair, count)));
        while (tokens.size() < vocabulary && !queue.isEmpty()) {
            var best = queue.remove();
            long now = frequency.getOrDefault(best.pair(), 0L);
            if (now != best.count()) {
                if (now > 0 && now < best.count()) {
                    queue.add(new Candidate(best.pair(), now));
                }
                continue;
            }
            if (now < SMALLEST_COUNT) {
                break;
            }
            merges.add(merge(best.pair()));
        }
        return merges;
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    private void change(long pair, int word, long by) {
        frequency.merge(pair, by, Long::sum);
        if (by > 0) {
            places.computeIfAbsent(pair, _ -> new Places()).add(word);
        }
    }

    private Merge merge(long pair) {
        int left = (int) (pair >> 32);
        int right = (int) pair;
        var merge = new Merge(tokens.get(left), tokens.get(right));
        var text = merge.left() + merge.right();
        int token = ids.computeIfAbsent(text, _ -> {
            tokens.add(text);
            return tokens.size() - 1;
        });
        var where = Objects.requireNonNull(places.remove(pair));
        var grown = new HashSet<Long>();
        for (int i = 0; i < where.size; i++) {
            merge(where.words[i], left, right, token, grown);
        }
        frequency.remove(pair);
        grown.remove(pair);
        for (long each : grown) {
            long count = frequency.getOrDefault(each, 0L);
            if (count > 0) {
                queue.add(new Candidate(each, count));
            }
        }
        return merge;
    }

    private void merge(int word, int left, int right, int token, HashSet<Long> grown) {
        var parts = words.get(word);
        long count = counts.get(word);
        var merged = new int[parts.length];
        int size = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i + 1 >= parts.length || parts[i] != left || parts[i + 1] != right) {
                merged[size++] = parts[i];
                continue;
            }
            if (size > 0) {
                change(pair(merged[size - 1], left), word, -count);
                change(pair(merged[size - 1], token), word, count);
                grown.add(pair(merged[size - 1], token));
            }
            if (i + 2 < parts.length) {
                change(pair(right, parts[i + 2]), word, -count);
                change(pair(token, parts[i + 2]), word, count);
                grown.add(pair(token, parts[i + 2]));
            }
            merged[size++] = token;
            i++;
        }
        words.set(word, size == parts.length ? parts : Arrays.copyOf(merged, size));
    }
}
