package dev.gyre.eval.answer;

import dev.gyre.llm.model.Sampling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/// Draws different answers to one prompt: seeds count up, and once that gives nothing new the temperature rises.
///
/// The same request gives the same answers.
///
/// @param count how many different answers, 1 to 16
/// @param temperature of the first draws, above 0
record DistinctAnswers(int count, int maxNewTokens, double temperature, long seed) {

    /// Draws per answer before giving up.
    private static final int TRIES = 6;

    DistinctAnswers {
        if (count < 1 || count > 16) {
            throw new IllegalArgumentException("count is %d, must be 1 to 16".formatted(count));
        }
    }

    /// Fewer than wanted where the model says the same again and again; blank answers and repetitions do not count.
    List<String> draw(Function<Sampling, String> model) {
        var answers = new LinkedHashMap<String, String>();
        for (var draw = 0; draw < count * TRIES && answers.size() < count; draw++) {
            var round = draw / count;
            var warmer = temperature * (1 + 0.25 * round);
            var answer = model.apply(Sampling.drawn(maxNewTokens, warmer, seed + draw));
            if (!answer.isBlank()) {
                answers.putIfAbsent(answer.strip(), answer);
            }
        }
        return new ArrayList<>(answers.values());
    }
}
