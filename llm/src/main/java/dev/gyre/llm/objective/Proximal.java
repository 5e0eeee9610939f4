package dev.gyre.llm.objective;

import java.util.List;
import java.util.Map;

/// Proximal policy optimisation with a learned value.
/// [Paper](https://arxiv.org/abs/1707.06347), eq. 7 and 9.
///
/// Given, all (targets): `old`, `advantages`, `values` and `returns` as they were when the answers
/// were drawn. The model has a head `score.weight` of one row for the value.
///
/// @param clip how far from 1 the ratio counts, 0 or more; the paper's 0.2
/// @param valueClip how far a value may move from what it was, 0 or more
/// @param valueWeight weight of the value's loss, 0 or more
public record Proximal(double clip, double valueClip, double valueWeight) implements Objective {

    public Proximal {
        Checks.from("clip", clip, 0);
        Checks.from("valueClip", valueClip, 0);
        Checks.from("valueWeight", valueWeight, 0);
    }

    @Override
    public Map<String, String> slots() {
        return Map.of("objective", "proximal", "likelihood", "valued_likelihood");
    }

    @Override
    public double[] settings() {
        return new double[] {clip, valueClip, valueWeight};
    }

    @Override
    public List<String> metrics() {
        return List.of("policyLoss", "valueLoss", "clipped", "valuesClipped");
    }
}
