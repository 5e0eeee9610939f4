package dev.gyre.llm.merging;

import java.util.Random;

/// A way to make one task tensor of several.
/// A task tensor is what a model learned, its difference from the common base.
public sealed interface Merge {

    /// Task arithmetic ([paper](https://arxiv.org/abs/2212.04089), section 2): the weighted sum.
    record Linear() implements Merge {}

    /// The weighted sum of what is greatest in each task.
    ///
    /// @param density share of each task's numbers that is kept, 0 to 1; the other numbers become 0
    record Largest(double density) implements Merge {
        public Largest {
            share("density", density);
        }
    }

    /// TIES: trim, elect a sign, average those that agree with it.
    /// [Paper](https://arxiv.org/abs/2306.01708), section 4.
    ///
    /// @param density share of each task's numbers that is kept, 0 to 1
    /// @param election what decides the sign of a number
    record Ties(double density, Election election) implements Merge {
        public Ties {
            share("density", density);
        }
    }

    /// DARE: numbers are dropped at random, the kept ones made larger by as much.
    /// [Paper](https://arxiv.org/abs/2311.03099), eq. 2.
    ///
    /// @param density share of each task's numbers that is kept, above 0 to 1
    /// @param seed of the random choice
    /// @param then what is done with the thinned tasks; a density of 1 keeps them as they are
    record Dare(double density, long seed, Merge then) implements Merge {
        public Dare {
            share("density", density);
            if (density == 0) {
                throw new IllegalArgumentException("density is 0, must be above 0");
            }
        }

        /// Uniform draws in [0, 1); a number with a draw below the density stays.
        float[] draws(int count) {
            var random = new Random(seed);
            var draws = new float[count];
            for (int i = 0; i < count; i++) {
                draws[i] = random.nextFloat();
            }
            return draws;
        }
    }

    /// Spherical interpolation of exactly two.
    /// [Paper](https://dl.acm.org/doi/10.1145/325334.325242), section 3.3.
    ///
    /// @param share of the second, 0 to 1; weights are not used
    record Spherical(double share) implements Merge {
        public Spherical {
            Merge.share("share", share);
        }
    }

    /// What elects a sign: the sum of the numbers, or how many there are of each sign.
    enum Election {
        TOTAL,
        FREQUENCY
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s is %s, must be from 0 to 1".formatted(name, value));
        }
    }
}
