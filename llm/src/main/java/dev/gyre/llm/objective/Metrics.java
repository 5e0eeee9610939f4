package dev.gyre.llm.objective;

import java.util.List;
import java.util.stream.Stream;

/// Names of the numbers that programs answer, in their order.
final class Metrics {

    static final List<String> OF_PAIRS = List.of(
            "accuracy", "margin", "chosenReward", "rejectedReward", "chosenLogProbability", "rejectedLogProbability");

    private Metrics() {}

    static List<String> pairsAnd(String... more) {
        return Stream.concat(OF_PAIRS.stream(), Stream.of(more)).toList();
    }
}
