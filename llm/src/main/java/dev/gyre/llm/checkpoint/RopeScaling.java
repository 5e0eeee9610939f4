package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;

/// How the rotation of a position depends on it: the base, and what stretches it to longer contexts.
public sealed interface RopeScaling {

    double theta();

    /// No stretching ([paper](https://arxiv.org/abs/2104.09864), eq. 15).
    record Plain(double theta) implements RopeScaling {}

    /// Every position divided by a factor ([paper](https://arxiv.org/abs/2306.15595)).
    record Linear(double theta, double factor) implements RopeScaling {}

    /// Llama 3.1: long waves divided by a factor, short ones kept, between them a ramp.
    record Llama3(double theta, double factor, double low, double high, double original) implements RopeScaling {}

    static RopeScaling plain(double theta) {
        return new Plain(theta);
    }

    /// Reads `rope_parameters` (transformers 5) or `rope_theta` and `rope_scaling` (before).
    static RopeScaling parse(JsonNode config) {
        var nested = config.path("rope_parameters");
        var scaling = nested.isObject() ? nested : config.path("rope_scaling");
        double theta =
                nested.path("rope_theta").asDouble(config.path("rope_theta").asDouble(10_000));
        var type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        return switch (type) {
            case "default" -> new Plain(theta);
            case "linear" -> new Linear(theta, scaling.path("factor").asDouble(1));
            case "llama3" ->
                new Llama3(
                        theta,
                        scaling.path("factor").asDouble(8),
                        scaling.path("low_freq_factor").asDouble(1),
                        scaling.path("high_freq_factor").asDouble(4),
                        scaling.path("original_max_position_embeddings").asDouble(8192));
            default ->
                throw new IllegalArgumentException(
                        "rope_type is %s, must be default, linear or llama3".formatted(type));
        };
    }

    /// Turns per position of each pair of a head's dimensions, in radians.
    default float[] inverseFrequencies(int headWidth) {
        var result = new float[headWidth / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) stretched(Math.pow(theta(), -2.0 * i / headWidth));
        }
        return result;
    }

    private double stretched(double frequency) {
        return switch (this) {
            case Plain _ -> frequency;
            case Linear linear -> frequency / linear.factor();
            case Llama3 llama -> {
                double wave = 2 * Math.PI / frequency;
                double smooth = (llama.original() / wave - llama.low()) / (llama.high() - llama.low());
                double kept = Math.clamp(smooth, 0, 1);
                yield (1 - kept) * frequency / llama.factor() + kept * frequency;
            }
        };
    }
}
