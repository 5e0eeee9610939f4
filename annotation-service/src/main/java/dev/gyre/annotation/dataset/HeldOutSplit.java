package dev.gyre.annotation.dataset;

import dev.gyre.artifacts.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/// Which prompts nobody learns from: drawn by their hash, so a prompt keeps its side when others are added.
///
/// @param seed another seed draws others
/// @param share 0 to below 1
public record HeldOutSplit(long seed, double share) {

    public HeldOutSplit {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("heldOutShare is %s, must be 0 or more and below 1".formatted(share));
        }
    }

    /// The prompts on the held-out side; where there are two prompts and a share, neither side stays empty.
    ///
    /// @param prompts SHA-256 of each prompt
    Set<String> heldOut(Collection<String> prompts) {
        var all = new TreeSet<String>(Comparator.comparing(this::rank));
        all.addAll(prompts);
        var heldOut = new TreeSet<String>();
        all.stream().filter(this::isDrawn).forEach(heldOut::add);
        if (share > 0 && all.size() > 1) {
            if (heldOut.isEmpty()) {
                heldOut.add(all.first());
            } else if (heldOut.size() == all.size()) {
                heldOut.remove(all.last());
            }
        }
        return heldOut;
    }

    /// Place of a prompt in the order of rows, which says nothing about the prompt.
    String rank(String prompt) {
        return Digests.sha256((seed + "/" + prompt).getBytes(StandardCharsets.UTF_8));
    }

    /// The first 52 bits of the rank as a number from 0 to below 1.
    private boolean isDrawn(String prompt) {
        return Long.parseLong(rank(prompt).substring(0, 13), 16) / (double) (1L << 52) < share;
    }
}
