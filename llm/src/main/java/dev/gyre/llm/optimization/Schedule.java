package dev.gyre.llm.optimization;

/// How the learning rate goes on after the warm-up, as a share of its peak.
/// Names and formulas are those of transformers.
public sealed interface Schedule {

    Schedule LINEAR = new Linear();
    Schedule COSINE = new Cosine(0.5, 0);
    Schedule CONSTANT = new Constant();

    /// The share during the warm-up: straight from 0 unless a schedule says otherwise.
    ///
    /// @param step counted from 0, below `warm`
    default double rising(int step, int warm) {
        return (double) step / warm;
    }

    /// The share of a step from `warm` on.
    double falling(int step, int warm, int steps, double peak);

    private static double gone(int step, int warm, int steps) {
        return (double) (step - warm) / Math.max(1, steps - warm);
    }

    private static double between(double floor, double factor) {
        return factor * (1 - floor) + floor;
    }

    private static double wave(double cycles, double gone) {
        return 0.5 * (1 + Math.cos(2 * Math.PI * cycles * gone));
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s is %s, must be from 0 to 1".formatted(name, value));
        }
    }

    private static void above(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException("%s is %s, must be above 0".formatted(name, value));
        }
    }

    /// Stays at the peak.
    record Constant() implements Schedule {
        @Override
        public double falling(int step, int warm, int steps, double peak) {
            return 1;
        }
    }

    /// Straight to 0.
    record Linear() implements Schedule {
        @Override
        public double falling(int step, int warm, int steps, double peak) {
            return Math.max(0, 1 - gone(step, warm, steps));
        }
    }

    /// Along a cosine down to a share of the peak.
    /// [Paper](https://arxiv.org/abs/1608.03983), eq. 5.
    ///
    /// @param cycles waves until the last step; 0.5 ends at the floor
    /// @param floor share of the peak, 0 to 1
    record Cosine(double cycles, double floor) implements Schedule {
        public Cosine {
            above("cycles", cycles);
            share("floor", floor);
        }

        @Override
        public double falling(int step, int warm, int steps, double peak) {
            return Math.max(0, between(floor, wave(cycles, gone(step, warm, steps))));
        }
    }

    /// A cosine to a floor whose warm-up begins above 0 and whose last step stands on the floor.
    ///
    /// @param start share of the peak at the first step, 0 to 1; below 0 climbs evenly from one
    /// step above 0
    record CosineFromStep(double cycles, double floor, double start) implements Schedule {
        public CosineFromStep {
            above("cycles", cycles);
            share("floor", floor);
        }

        @Override
        public double rising(int step, int warm) {
            return start < 0 ? (step + 1.0) / Math.max(1, warm) : start + (1 - start) * step / Math.max(1, warm - 1);
        }

        @Override
        public double falling(int step, int warm, int steps, double peak) {
            return Math.max(0, between(floor, wave(cycles, gone(step + 1, warm, steps))));
        }
    }

    /// Down along a cosine and up again at once.
    /// [Paper](https://arxiv.org/abs/1608.03983), section 3.
    ///
    /// @param cycles number of descents, 1 or more
    record Restarts(int cycles) implements Schedule {
        public Restarts {
            above("cycles", cycles);
        }

        @Override
        public double falling(int step, int warm, int steps, double peak) {
            double gone = gone(step, warm, steps);
            return gone >= 1 ? 0 : wave(0.5, cycles * gone % 1);
        }
    }

    /// Down to an end rate by a power of what is left.
    ///
    /// @param end rate (not share) at the last step, below the peak
    /// @param power 1 is a straight line
    record Polynomial(double end, double power) implements Schedule {
        public Polynomial {
            if (!(end >= 0)) {
                throw new IllegalArgumentException("end is %s, must be 0 or more".formatted(end));
            }
            above("power", power);
        }

        @Override
        public double falling(int step, int warm, int steps, double peak) {
            if (!(end < peak)) {
                throw new IllegalArgumentException(
                        "end is %s, must be below the learning rate %s".formatted(end, peak));
            }
            double left = step > steps ? 0 : 1 - gone(step, warm, steps);
            return ((peak - end) * Math.pow(left, power) + end) / peak;
        }
    }

    /// By the inverse square root of the step ([paper](https://arxiv.org/abs/1706.03762), eq. 3).
    ///
    /// @param timescale steps after which the rate is at 1/√1 of its peak; 0 is the warm-up, or
    /// 10,000 without one
    record InverseRoot(int timescale) implements Schedule {
        public InverseRoot {
            if (timescale < 0) {
                throw new IllegalArgumentException("timescale is %d, must be 0 or more".formatted(timescale));
            }
        }

        @Override
        public double falling(int step, int warm, int steps, double peak) {
            double scale = timescale > 0 ? timescale : warm > 0 ? warm : 10_000;
            return 1 / Math.sqrt((step + scale - warm) / scale);
        }
    }

    /// Warm-up, a plateau, then a decay ([paper](https://arxiv.org/abs/2404.06395), section 4).
    ///
    /// @param decay steps of the decay, 1 or more
    /// @param stable steps of the plateau; below 0 is what warm-up and decay leave
    /// @param up form of the warm-up
    /// @param down form of the decay
    /// @param floor share of the peak at which it begins and ends, 0 to 1
    /// @param cycles waves of a decay along a cosine; 0.5 ends at the floor
    record WarmupStableDecay(int decay, int stable, Curve up, Curve down, double floor, double cycles)
            implements Schedule {

        /// The form of a way from 0 to 1, or back.
        public enum Curve {
            LINEAR,
            COSINE,
            ROOT
        }

        public WarmupStableDecay {
            above("decay", decay);
            share("floor", floor);
        }

        /// Straight up, along a cosine down to 0.
        public static WarmupStableDecay of(int decay) {
            return new WarmupStableDecay(decay, -1, Curve.LINEAR, Curve.COSINE, 0, 0.5);
        }

        @Override
        public double rising(int step, int warm) {
            double gone = (double) step / warm;
            return between(
                    floor,
                    switch (up) {
                        case LINEAR -> gone;
                        case COSINE -> 0.5 * (1 - Math.cos(Math.PI * gone));
                        case ROOT -> 1 - Math.sqrt(1 - gone);
                    });
        }

        @Override
        public double falling(int step, int warm, int steps, double peak) {
            int plateau = warm + (stable < 0 ? steps - warm - decay : stable);
            if (step < plateau) {
                return 1;
            }
            if (step >= plateau + decay) {
                return floor;
            }
            double gone = (double) (step - plateau) / decay;
            return Math.max(
                    0,
                    between(
                            floor,
                            switch (down) {
                                case LINEAR -> 1 - gone;
                                case COSINE -> wave(cycles, gone);
                                case ROOT -> 1 - Math.sqrt(gone);
                            }));
        }
    }
}
