package dev.gyre.annotation.quality;

import dev.gyre.annotation.consensus.Consensus;
import dev.gyre.annotation.consensus.Consensus.Belief;
import dev.gyre.annotation.quality.QualityReport.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Ways of finding a consensus beside each other.
final class Methods {

    private static final double SAME = 1e-9;

    private Methods() {}

    /// @param consensuses by name; the first is what the others are compared with
    static List<Method> compare(Map<String, Consensus> consensuses) {
        var majority = new HashMap<String, String>();
        consensuses.values().stream()
                .findFirst()
                .ifPresent(first -> first.beliefs().stream()
                        .filter(Methods::isDecided)
                        .forEach(belief -> majority.put(belief.task(), belief.value())));
        return consensuses.entrySet().stream()
                .map(entry -> method(entry.getKey(), entry.getValue().beliefs(), majority))
                .toList();
    }

    private static Method method(String name, List<Belief> beliefs, Map<String, String> majority) {
        var decided = beliefs.stream().filter(Methods::isDecided).toList();
        var values = new TreeMap<String, Integer>();
        decided.forEach(belief -> values.merge(belief.value(), 1, Integer::sum));
        var probability = beliefs.stream().mapToDouble(Belief::probability).average();
        var same = decided.stream()
                .filter(belief -> majority.containsKey(belief.task()))
                .mapToDouble(belief -> belief.value().equals(majority.get(belief.task())) ? 1 : 0)
                .average();
        return new Method(
                name,
                decided.size(),
                beliefs.size() - decided.size(),
                probability.isPresent() ? probability.getAsDouble() : null,
                same.isPresent() ? same.getAsDouble() : null,
                values);
    }

    private static boolean isDecided(Belief belief) {
        double most = belief.probability();
        return belief.posterior().values().stream()
                        .filter(one -> most - one < SAME)
                        .count()
                == 1;
    }
}
