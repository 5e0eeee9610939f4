package dev.gyre.llm.adapter;

/// The numbers that a tensor of an adapter begins with.
public sealed interface Start {

    /// One number everywhere.
    record Constant(double value) implements Start {}

    /// Evenly within ± a bound.
    record Uniform(double bound) implements Start {}

    /// Normal around 0.
    record Normal(double deviation) implements Start {}

    /// As a weight of the model.
    record Copy(String weight) implements Start {}

    /// Rows of a weight of the model, drawn by chance ([paper](https://arxiv.org/abs/2104.08691), section 3.2).
    record Rows(String weight) implements Start {}

    /// The length of each row of a weight of the model.
    record Lengths(String weight) implements Start {}

    /// One of the three parts that a weight of the model falls into: A, B, and the rest `W − scale · B·A`.
    ///
    /// @param by the method of the program `adapting` that splits it
    /// @param part 0, 1 or 2
    record Factor(String weight, String by, int rank, double scale, int part) implements Start {}

    /// Kaiming's uniform start with a = √5, as PEFT has it: within ± 1/√in.
    static Start kaiming(long in) {
        return new Uniform(1 / Math.sqrt(in));
    }

    static Start zero() {
        return new Constant(0);
    }
}
