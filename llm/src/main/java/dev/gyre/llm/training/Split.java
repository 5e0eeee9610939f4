package dev.gyre.llm.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Which examples are learned from and which are held out, by their places in the job's list; rows of one prompt stay
/// together.
record Split(List<Integer> learned, List<Integer> heldOut) {

    Split {
        learned = List.copyOf(learned);
        heldOut = List.copyOf(heldOut);
    }

    /// Holds out a share of the prompts, drawn by the seed: one at least, and never the last.
    ///
    /// @throws IllegalArgumentException where there are not two prompts
    static Split of(List<Example> examples, double share, long seed) {
        var all = IntStream.range(0, examples.size()).boxed().toList();
        if (share == 0) {
            return new Split(all, List.of());
        }
        var byPrompt = new LinkedHashMap<List<Long>, List<Integer>>();
        all.forEach(place -> byPrompt
                .computeIfAbsent(examples.get(place).asked(), prompt -> new ArrayList<>())
                .add(place));
        if (byPrompt.size() < 2) {
            throw new IllegalArgumentException(
                    "setting holdOut is %s, but the rows have one prompt alone; hold out 0, or bring more prompts"
                            .formatted(share));
        }
        var prompts = new ArrayList<>(byPrompt.values());
        Collections.shuffle(prompts, new Random(31 * seed + 17));
        int held = Math.clamp(Math.round(share * prompts.size()), 1, prompts.size() - 1);
        return new Split(
                places(prompts.subList(held, prompts.size())), places(prompts.subList(0, held)));
    }

    private static List<Integer> places(List<List<Integer>> prompts) {
        return prompts.stream().flatMap(List::stream).sorted().toList();
    }

    /// The ids of a prompt, as what examples are told apart by.
    static List<Long> ids(long[] ids, int end) {
        return Arrays.stream(ids, 0, end).boxed().toList();
    }
}
