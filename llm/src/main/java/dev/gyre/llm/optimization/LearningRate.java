package dev.gyre.llm.optimization;

/// The learning rate of each step: up over the warm-up, then by a schedule.
///
/// @param peak rate at the end of the warm-up
/// @param warm steps of warm-up
/// @param steps of the whole training
public record LearningRate(double peak, Schedule schedule, int warm, int steps) {

    /// @param warmup share of the steps that warm up, 0 to 1
    public static LearningRate of(double peak, Schedule schedule, double warmup, int steps) {
        return new LearningRate(peak, schedule, (int) Math.ceil(warmup * steps), steps);
    }

    /// The rate of a step, counted from 0.
    public double at(int step) {
        return peak * (step < warm ? schedule.rising(step, warm) : schedule.falling(step, warm, steps, peak));
    }
}
