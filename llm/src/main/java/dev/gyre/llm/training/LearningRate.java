package dev.gyre.llm.training;

/// The learning rate of each step: up from 0 over the warm-up, then by the schedule down to 0, as
/// transformers does
/// it.
///
/// @param warm steps of warm-up
record LearningRate(double peak, Regime.Schedule schedule, int warm, int steps) {

    static LearningRate of(Regime regime, int steps) {
        return new LearningRate(
                regime.learningRate(), regime.schedule(), (int) Math.ceil(regime.warmup() * steps), steps);
    }

    /// The rate of a step, counted from 0.
    double at(int step) {
        if (step < warm) {
            return peak * step / warm;
        }
        double gone = (double) (step - warm) / Math.max(1, steps - warm);
        return switch (schedule) {
            case CONSTANT -> peak;
            case LINEAR -> peak * Math.max(0, 1 - gone);
            case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * gone));
        };
    }
}
