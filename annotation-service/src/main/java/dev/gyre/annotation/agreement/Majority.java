package dev.gyre.annotation.agreement;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What most of a task's judges said, and which share of them.
///
/// @param value the one value that was said most often
/// @param support share of the judges that said it, above 0 to 1
public record Majority(String value, double support) {

    /// A choice without a preference between the candidates.
    public static final String TIE = "tie";

    /// A choice that finds every candidate unacceptable.
    public static final String BAD = "bad";

    /// @return nothing where there are no values or two were said equally often
    public static Optional<Majority> of(List<String> values) {
        var counts = new TreeMap<String, Integer>();
        values.forEach(value -> counts.merge(value, 1, Integer::sum));
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        var winners = counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .map(Map.Entry::getKey)
                .toList();
        return winners.size() == 1
                ? Optional.of(new Majority(winners.getFirst(), (double) most / values.size()))
                : Optional.empty();
    }
}
