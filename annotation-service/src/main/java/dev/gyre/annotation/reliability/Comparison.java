package dev.gyre.annotation.reliability;

import dev.gyre.annotation.agreement.Majority;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// An annotator beside what most of the others said of the same tasks.
///
/// @param compared tasks on which most of the others said one thing
/// @param chance share of them on which both would say the same if each only kept to how often it says what
/// @param others whom it was compared with
record Comparison(String annotator, int compared, int agreed, double chance, Set<String> others) {

    Comparison {
        others = Set.copyOf(others);
    }

    /// What an annotator and the others said of one task.
    private record Said(String own, String theirs) {}

    /// One for each annotator, also for those who share no task with anybody.
    static List<Comparison> of(Collection<Vote> votes) {
        var said = new TreeMap<String, List<Said>>();
        var beside = new TreeMap<String, Set<String>>();
        var tasks = votes.stream()
                .collect(Collectors.groupingBy(Vote::task, LinkedHashMap::new, Collectors.toList()))
                .values();
        for (var task : tasks) {
            for (var vote : task) {
                var own = said.computeIfAbsent(vote.annotator(), ignored -> new ArrayList<>());
                var peers = beside.computeIfAbsent(vote.annotator(), ignored -> new HashSet<>());
                var others = task.stream()
                        .filter(other -> !other.annotator().equals(vote.annotator()))
                        .toList();
                Majority.of(others.stream().map(Vote::value).toList()).ifPresent(majority -> {
                    own.add(new Said(vote.value(), majority.value()));
                    others.forEach(other -> peers.add(other.annotator()));
                });
            }
        }
        return said.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue(), beside.getOrDefault(entry.getKey(), Set.of())))
                .toList();
    }

    private static Comparison of(String annotator, List<Said> said, Set<String> others) {
        var agreed = (int) said.stream()
                .filter(one -> one.own().equals(one.theirs()))
                .count();
        return new Comparison(annotator, said.size(), agreed, chance(said), others);
    }

    private static double chance(List<Said> said) {
        var own = shares(said, Said::own);
        var theirs = shares(said, Said::theirs);
        return own.entrySet().stream()
                .mapToDouble(value -> value.getValue() * theirs.getOrDefault(value.getKey(), 0.0))
                .sum();
    }

    private static Map<String, Double> shares(List<Said> said, Function<Said, String> whose) {
        return said.stream()
                .collect(Collectors.groupingBy(
                        whose, TreeMap::new, Collectors.collectingAndThen(Collectors.counting(), count -> count
                                / (double) said.size())));
    }

    /// How likely it is to agree so seldom by chance alone.
    double p() {
        return BinomialTail.atMost(agreed, compared, chance);
    }

    double rate() {
        return agreed / (double) compared;
    }

    /// Agreement beyond chance: 1 always, 0 as by chance, below 0 less than that; no number where chance says all.
    double kappa() {
        return (rate() - chance) / (1 - chance);
    }
}
