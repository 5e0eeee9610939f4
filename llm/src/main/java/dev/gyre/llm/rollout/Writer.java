package dev.gyre.llm.rollout;

import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.text.Tokenizer;
import dev.gyre.llm.training.Learner;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Draws answers from the model as it is now, each row by numbers of its own.
final class Writer {

    private final ProgramRunner runner;
    private final Model model;
    private final Learner learner;
    private final Program program;
    private final long[] stops;
    private final int most;

    Writer(ProgramRunner runner, Model model, Learner learner, Tokenizer tokenizer, int most) {
        this.runner = runner;
        this.model = model;
        this.learner = learner;
        this.program = runner.load("language", model.slots(learner.adapterSlots()));
        this.stops = tokenizer.stops().stream().mapToLong(Long::longValue).toArray();
        this.most = most;
    }

    /// An answer to each prompt, up to and with a stop token or the most tokens.
    ///
    /// @param prompts ids, places of the adapter before them
    /// @param temperature above 0
    List<long[]> write(List<long[]> prompts, double temperature, long seed) {
        int rows = prompts.size();
        int time = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        var ids = new long[rows * time];
        var lengths = new long[rows];
        for (int row = 0; row < rows; row++) {
            lengths[row] = prompts.get(row).length;
            System.arraycopy(prompts.get(row), 0, ids, row * time, prompts.get(row).length);
        }
        var limits = new long[rows];
        Arrays.fill(limits, most);
        var draws = new SplittableRandom(seed).doubles((long) rows * most).toArray();
        try (var scope = runner.newScope()) {
            var cache = runner.tensors(
                    scope, program, "cache", learner.weights(), model.shape(), (long) rows, (long) time + most);
            var written = runner.longs(
                    program,
                    "write_all",
                    learner.weights(),
                    model.shape(),
                    model.config().normEpsilon(),
                    ids,
                    lengths,
                    limits,
                    cache,
                    stops,
                    new double[] {temperature, 0, 1, 0, 1, 0},
                    draws);
            return IntStream.range(0, rows)
                    .mapToObj(row -> Arrays.stream(written, row * most, (row + 1) * most)
                            .filter(token -> token >= 0)
                            .toArray())
                    .toList();
        }
    }
}
