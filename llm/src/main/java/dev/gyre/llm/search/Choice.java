package dev.gyre.llm.search;

import java.util.List;
import java.util.random.RandomGenerator;

/// What a setting may be set to.
public sealed interface Choice {

    /// One of several words, all equally likely.
    record OneOf(List<String> words) implements Choice {
        public OneOf {
            words = List.copyOf(words);
            if (words.isEmpty()) {
                throw new IllegalArgumentException("words is empty, must hold one or more");
            }
        }
    }

    /// A number between two, both above 0, drawn evenly on the logarithmic scale.
    record Range(double least, double most) implements Choice {
        public Range {
            if (!(least > 0 && most >= least && Double.isFinite(most))) {
                throw new IllegalArgumentException(
                        "least is %s and most is %s, must be above 0 and least the smaller".formatted(least, most));
            }
        }
    }

    /// Draws a word.
    default String draw(RandomGenerator random) {
        return switch (this) {
            case OneOf choice -> choice.words().get(random.nextInt(choice.words().size()));
            case Range range -> {
                double low = Math.log(range.least());
                yield Double.toString(Math.exp(low + random.nextDouble() * (Math.log(range.most()) - low)));
            }
        };
    }
}
