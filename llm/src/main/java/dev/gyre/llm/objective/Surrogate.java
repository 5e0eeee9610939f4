package dev.gyre.llm.objective;

/// How the gain of a token is held near the model that drew it.
public sealed interface Surrogate {

    String program();

    /// ε low, ε high, δ, and four more.
    double[] settings();

    /// The clipped ratio ([paper](https://arxiv.org/abs/1707.06347), eq. 7; two bounds:
    /// [paper](https://arxiv.org/abs/2503.14476), eq. 10).
    ///
    /// @param low how far below 1 the ratio counts, 0 or more
    /// @param high how far above 1 the ratio counts, 0 or more
    /// @param cap greatest ratio where the advantage is negative; 0 is none
    record Clip(double low, double high, double cap) implements Surrogate {
        public Clip {
            Checks.from("low", low, 0);
            Checks.from("high", high, 0);
            Checks.from("cap", cap, 0);
        }

        @Override
        public String program() {
            return "surrogate_clip";
        }

        @Override
        public double[] settings() {
            return new double[] {low, high, cap, 0, 0, 0, 0};
        }
    }

    /// Clipped weights, CISPO ([paper](https://arxiv.org/abs/2506.13585), section 3.1).
    ///
    /// @param most greatest weight, above 0
    record ClippedWeight(double most) implements Surrogate {
        public ClippedWeight {
            Checks.above("most", most, 0);
        }

        @Override
        public String program() {
            return "surrogate_cispo";
        }

        @Override
        public double[] settings() {
            return new double[] {0, most, 0, 0, 0, 0, 0};
        }
    }

    /// Soft gates, SAPO ([paper](https://arxiv.org/abs/2511.20347)).
    ///
    /// @param gain temperature where the advantage is positive, above 0
    /// @param loss temperature elsewhere, above 0
    record SoftGate(double gain, double loss) implements Surrogate {
        public SoftGate {
            Checks.above("gain", gain, 0);
            Checks.above("loss", loss, 0);
        }

        @Override
        public String program() {
            return "surrogate_sapo";
        }

        @Override
        public double[] settings() {
            return new double[] {0, 0, 0, gain, loss, 0, 0};
        }
    }

    /// Weights φ(w) = e^λ wᵏ e^−λw of a whole answer's ratio w, VESPO.
    /// [Paper](https://arxiv.org/abs/2602.10693).
    record SequenceWeight(double gainPower, double gainSlope, double lossPower, double lossSlope) implements Surrogate {
        @Override
        public String program() {
            return "surrogate_vespo";
        }

        @Override
        public double[] settings() {
            return new double[] {0, 0, 0, gainPower, gainSlope, lossPower, lossSlope};
        }
    }
}
