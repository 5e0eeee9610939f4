package dev.gyre.llm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.model.Layout;
import dev.gyre.llm.program.ProgramRunner;
import java.util.SplittableRandom;

/// Noise on embedded tokens, NEFTune ([paper](https://arxiv.org/abs/2310.05914), algorithm 1).
///
/// A row's noise depends on the seed, the step and the row's number in it alone: not on how rows are laid, dealt or
/// resumed.
///
/// @param alpha the noise of a row is uniform within ±α/√(tokens · width)
/// @param width of an embedded token
/// @param seed of the training
record Noise(double alpha, int width, long seed) {

    /// The noise of the rows of a batch: (lines, time, width), 0 at `places` and padding.
    ///
    /// @param numbers of each row of the layout, its number in the step
    /// @param places ids that each row begins with and that stand for no token
    NDArray of(ProgramRunner runner, NDManager scope, Layout layout, int step, int[] numbers, int places) {
        var all = new float[layout.lines() * layout.time() * width];
        for (int row = 0; row < numbers.length; row++) {
            int tokens = layout.rows().get(row).length() - places;
            double most = alpha / Math.sqrt((double) tokens * width);
            var random = new SplittableRandom((seed * 1_000_003 + step) * 1_000_003 + numbers[row]);
            int from = layout.place(row, places) * width;
            for (int i = 0; i < tokens * width; i++) {
                all[from + i] = (float) random.nextDouble(-most, most);
            }
        }
        return runner.floats(scope, all, layout.lines(), layout.time(), width);
    }
}
