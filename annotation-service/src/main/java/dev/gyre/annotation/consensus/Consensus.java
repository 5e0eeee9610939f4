package dev.gyre.annotation.consensus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a method makes of the votes.
///
/// @param beliefs one for each task, in the order in which the tasks first came
/// @param weights how much the method believes each annotator, by pseudonym, 0 to 1
public record Consensus(List<Belief> beliefs, Map<String, Double> weights) {

    public Consensus {
        beliefs = List.copyOf(beliefs);
        weights = Map.copyOf(weights);
    }

    /// How probable each value is for one task.
    ///
    /// @param posterior by value; they sum up to 1
    public record Belief(String task, Map<String, Double> posterior) {

        public Belief {
            posterior = Map.copyOf(posterior);
        }

        /// The most probable value; of several, the first by name.
        public String value() {
            return new TreeMap<>(posterior)
                    .entrySet().stream()
                            .max(Map.Entry.<String, Double>comparingByValue()
                                    .thenComparing(Map.Entry.<String, Double>comparingByKey()
                                            .reversed()))
                            .orElseThrow()
                            .getKey();
        }

        /// How probable that value is.
        public double probability() {
            return posterior.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    /// The most probable value of every task.
    public Map<String, String> values() {
        var values = new LinkedHashMap<String, String>();
        beliefs.forEach(belief -> values.put(belief.task(), belief.value()));
        return values;
    }

    /// @param posterior (task, value)
    /// @param weights (annotator)
    static Consensus of(Ballots ballots, double[][] posterior, double[] weights) {
        var beliefs = new ArrayList<Belief>();
        for (int task = 0; task < posterior.length; task++) {
            beliefs.add(new Belief(ballots.tasks().get(task), named(ballots.values(), posterior[task])));
        }
        return new Consensus(beliefs, named(ballots.annotators(), weights));
    }

    static Map<String, Double> named(List<String> names, double[] numbers) {
        var named = new TreeMap<String, Double>();
        for (int each = 0; each < numbers.length; each++) {
            named.put(names.get(each), numbers[each]);
        }
        return named;
    }
}
