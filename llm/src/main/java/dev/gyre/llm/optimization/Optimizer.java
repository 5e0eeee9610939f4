package dev.gyre.llm.optimization;

/// How gradients move weights: a program of the same name that updates in place, and its settings.
///
/// Weight decay reaches matrices only, not norms and biases.
public sealed interface Optimizer {

    /// The program that fills the slot `optimizer`.
    String program();

    /// The numbers that the program takes, in its order.
    double[] settings();

    private static void share(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("%s is %s, must be from 0, below 1".formatted(name, value));
        }
    }

    private static void from(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("%s is %s, must be 0 or more".formatted(name, value));
        }
    }

    private static void adam(double beta1, double beta2, double epsilon, double decay) {
        share("beta1", beta1);
        share("beta2", beta2);
        from("epsilon", epsilon);
        from("decay", decay);
    }

    /// Adam with the decay apart from the gradient.
    /// [Paper](https://arxiv.org/abs/1711.05101), algorithm 2.
    ///
    /// @param beta1 memory of the gradient, from 0, below 1
    /// @param beta2 memory of its square, from 0, below 1
    /// @param epsilon least size of a step's denominator, 0 or more
    /// @param decay share of a weight that a step at rate 1 takes away, 0 or more
    record AdamW(double beta1, double beta2, double epsilon, double decay) implements Optimizer {
        public AdamW {
            adam(beta1, beta2, epsilon, decay);
        }

        @Override
        public String program() {
            return "adamw";
        }

        @Override
        public double[] settings() {
            return new double[] {beta1, beta2, epsilon, decay};
        }
    }

    /// Adam with the decay in the gradient; parameters as [AdamW].
    /// [Paper](https://arxiv.org/abs/1412.6980), algorithm 1.
    record Adam(double beta1, double beta2, double epsilon, double decay) implements Optimizer {
        public Adam {
            adam(beta1, beta2, epsilon, decay);
        }

        @Override
        public String program() {
            return "adam";
        }

        @Override
        public double[] settings() {
            return new double[] {beta1, beta2, epsilon, decay};
        }
    }

    /// Gradient descent with momentum.
    /// [Paper](https://proceedings.mlr.press/v28/sutskever13.html), section 2.
    ///
    /// @param momentum memory of the gradient, 0 or more; 0 has none
    /// @param dampening share of a gradient that does not reach the memory, 0 to 1
    /// @param nesterov whether the step looks ahead
    /// @param decay added to the gradient as a share of the weight, 0 or more
    record Sgd(double momentum, double dampening, boolean nesterov, double decay) implements Optimizer {
        public Sgd {
            from("momentum", momentum);
            from("decay", decay);
            if (nesterov && (momentum == 0 || dampening != 0)) {
                throw new IllegalArgumentException(
                        "nesterov needs a momentum above 0 and a dampening of 0, not %s and %s"
                                .formatted(momentum, dampening));
            }
        }

        @Override
        public String program() {
            return "sgd";
        }

        @Override
        public double[] settings() {
            return new double[] {momentum, dampening, nesterov ? 1 : 0, decay};
        }
    }

    /// Adafactor, which remembers a matrix by rows and columns.
    /// [Paper](https://arxiv.org/abs/1804.04235), algorithms 4 and 5.
    ///
    /// @param epsilon1 added to squared gradients
    /// @param epsilon2 least size of a weight for a relative rate
    /// @param clip greatest root mean square of an update, above 0
    /// @param exponent of the step, by which older gradients fade, below 0
    /// @param beta1 memory of the update; below 0 has none
    /// @param decay share of a weight that a step at rate 1 takes away, 0 or more
    /// @param scaled whether the rate is relative to the weight's size
    /// @param relative whether the rate follows from the step alone
    /// @param warming whether that rate warms up
    record Adafactor(
            double epsilon1,
            double epsilon2,
            double clip,
            double exponent,
            double beta1,
            double decay,
            boolean scaled,
            boolean relative,
            boolean warming)
            implements Optimizer {

        public Adafactor {
            from("epsilon1", epsilon1);
            from("epsilon2", epsilon2);
            if (!(clip > 0)) {
                throw new IllegalArgumentException("clip is %s, must be above 0".formatted(clip));
            }
            from("decay", decay);
        }

        /// As its paper has it, at a rate that the schedule gives.
        public static Adafactor of(double decay) {
            return new Adafactor(1e-30, 1e-3, 1, -0.8, -1, decay, false, false, false);
        }

        @Override
        public String program() {
            return "adafactor";
        }

        @Override
        public double[] settings() {
            return new double[] {
                epsilon1, epsilon2, clip, exponent, beta1, decay, scaled ? 1 : 0, relative ? 1 : 0, warming ? 1 : 0
            };
        }
    }

    /// Steps of one size by the sign of a mean gradient.
    /// [Paper](https://arxiv.org/abs/2302.06675), algorithm 2.
    ///
    /// @param beta1 weight of the memory in a step, from 0, below 1
    /// @param beta2 memory of the gradient, from 0, below 1
    /// @param decay share of a weight that a step at rate 1 takes away, 0 or more
    record Lion(double beta1, double beta2, double decay) implements Optimizer {
        public Lion {
            share("beta1", beta1);
            share("beta2", beta2);
            from("decay", decay);
        }

        @Override
        public String program() {
            return "lion";
        }

        @Override
        public double[] settings() {
            return new double[] {beta1, beta2, decay};
        }
    }
}
