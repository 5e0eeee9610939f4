package dev.gyre.llm.training;

import dev.gyre.llm.text.Sequence;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows of drawn ids, of very uneven lengths.
final class Rows {

    private static final List<Integer> LENGTHS = List.of(3, 17, 5, 11, 4, 9, 14, 6);
    private static final int VOCABULARY = 40;

    private Rows() {}

    static Sequence drawn(int length, int start, long seed) {
        return new Sequence(new Random(seed).longs(length, 3, VOCABULARY).toArray(), start);
    }

    static List<Example> demonstrations() {
        return IntStream.range(0, LENGTHS.size())
                .<Example>mapToObj(i -> new Example.Demonstration(drawn(LENGTHS.get(i), 1 + i % 3, 100 + i)))
                .toList();
    }

    static List<Example> preferences() {
        return IntStream.range(0, LENGTHS.size())
                .<Example>mapToObj(i -> new Example.Preference(
                        drawn(LENGTHS.get(i), 2, 200 + i), drawn(LENGTHS.get(7 - i), 2, 300 + i)))
                .toList();
    }

    /// What a frozen model could have said of each example's targets.
    static List<float[]> likelihoods(List<Example> examples) {
        return examples.stream()
                .map(example -> {
                    var values = new float
                            [example.sequences().stream()
                                    .mapToInt(Sequence::targets)
                                    .sum()];
                    var random = new Random(values.length);
                    for (int i = 0; i < values.length; i++) {
                        values[i] = -4 + random.nextFloat();
                    }
                    return values;
                })
                .toList();
    }

    static List<Sequence> sequences(List<Example> examples) {
        return examples.stream()
                .flatMap(example -> Stream.of(example.sequences().getFirst()))
                .toList();
    }
}
