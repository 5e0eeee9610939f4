package dev.gyre.llm.training;

import java.util.Map;

/// Where a training stands after a step.
///
/// @param step finished steps, from 1
/// @param steps of the whole training
/// @param loss of this step's batch, before its update
/// @param tokens read since the training began
/// @param tokensPerSecond read by the model in this process, since start or resume
/// @param metrics more numbers by name: `learningRate`, `gradientNorm`, and for DPO `accuracy`, `margin`
public record Progress(
        int step, int steps, double loss, long tokens, double tokensPerSecond, Map<String, Double> metrics) {

    public Progress {
        metrics = Map.copyOf(metrics);
    }
}
