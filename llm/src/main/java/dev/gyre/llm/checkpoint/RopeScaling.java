package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// How the rotation of a position depends on it: the base, and what stretches it to longer contexts.
public sealed interface RopeScaling {

    /// The base of the wave lengths.
    double theta();

    /// No stretching ([paper](https://arxiv.org/abs/2104.09864), eq. 15).
    record Plain(double theta) implements RopeScaling {}

    /// Every position divided by a factor ([paper](https://arxiv.org/abs/2306.15595)).
    record Linear(double theta, double factor) implements RopeScaling {}

    /// The base grows with the length of the text beyond the context `original`
    /// ([NTK-aware, dynamic](https://arxiv.org/abs/2309.00071), section 3.3).
    ///
    /// @param length in tokens that the frequencies are for
    record Dynamic(double theta, double factor, double original, double length) implements RopeScaling {}

    /// Long waves divided by a factor, short ones kept, between them a ramp, and hotter attention
    /// ([YaRN](https://arxiv.org/abs/2309.00071), eq. 16 to 22).
    ///
    /// @param fast turns within `original` beyond which a wave is kept
    /// @param slow turns below which it is divided
    /// @param truncate whether the ends of the ramp are whole dimensions
    /// @param attention the factor on cos and sin
    record Yarn(
            double theta, double factor, double fast, double slow, double original, boolean truncate, double attention)
            implements RopeScaling {}

    /// Llama 3.1: long waves divided by a factor, short ones kept, between them a ramp.
    record Llama3(double theta, double factor, double low, double high, double original) implements RopeScaling {}

    /// A factor for each wave ([LongRoPE](https://arxiv.org/abs/2402.13753)).
    ///
    /// @param factors one for each pair of a head's dimensions
    /// @param attention the factor on cos and sin
    record LongRope(double theta, List<Double> factors, double attention) implements RopeScaling {
        public LongRope {
            factors = List.copyOf(factors);
        }
    }

    static RopeScaling plain(double theta) {
        return new Plain(theta);
    }

    /// Reads `rope_parameters` (transformers 5) or `rope_theta` and `rope_scaling` (before).
    static RopeScaling parse(JsonNode config) {
        return parse(config, 10_000);
    }

    /// The same with another base where none is given.
    static RopeScaling parse(JsonNode config, double theta) {
        var nested = config.path("rope_parameters");
        var scaling = nested.isObject() ? nested : config.path("rope_scaling");
        return parameters(
                scaling,
                config,
                nested.path("rope_theta").asDouble(config.path("rope_theta").asDouble(theta)));
    }

    /// Reads the parameters of one kind of layer.
    static RopeScaling parameters(JsonNode scaling, JsonNode config) {
        return parameters(scaling, config, scaling.path("rope_theta").asDouble(10_000));
    }

    private static RopeScaling parameters(JsonNode scaling, JsonNode config, double theta) {
        double context = config.path("max_position_embeddings").asDouble(0);
        return parameters(scaling, theta, context, reach(scaling, context));
    }

    /// The longest text in tokens that one rotation serves: LongRoPE turns longer ones than the original context
    /// by other factors from their first token on.
    private static double reach(JsonNode scaling, double context) {
        boolean changes =
                scaling.path("rope_type").asText(scaling.path("type").asText()).equals("longrope");
        return changes ? scaling.path("original_max_position_embeddings").asDouble(context) : context;
    }

    /// The longest row in tokens that a model with this configuration is used for.
    static int context(JsonNode config) {
        var nested = config.path("rope_parameters");
        int context = ConfigKeys.number(config, "max_position_embeddings");
        return (int) Math.min(context, reach(nested.isObject() ? nested : config.path("rope_scaling"), context));
    }

    /// Reads scaling parameters as transformers names them.
    ///
    /// @param context `max_position_embeddings`
    /// @param length in tokens that the rotation is for
    static RopeScaling parameters(JsonNode scaling, double theta, double context, double length) {
        var type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        double original = scaling.path("original_max_position_embeddings").asDouble(context);
        return switch (type) {
            case "default" -> new Plain(theta);
            case "linear" -> new Linear(theta, required(scaling, "factor"));
            case "dynamic" -> new Dynamic(theta, required(scaling, "factor"), context, Math.max(length, context));
            case "yarn" -> yarn(scaling, theta, original);
            case "llama3" ->
                new Llama3(
                        theta,
                        scaling.path("factor").asDouble(8),
                        scaling.path("low_freq_factor").asDouble(1),
                        scaling.path("high_freq_factor").asDouble(4),
                        scaling.path("original_max_position_embeddings").asDouble(8192));
            case "longrope" -> longRope(scaling, theta, original, context, length);
            default ->
                throw new IllegalArgumentException(
                        "rope_type is %s, must be default, linear, dynamic, yarn, llama3 or longrope".formatted(type));
        };
    }

    private static double required(JsonNode scaling, String key) {
        if (!scaling.path(key).isNumber()) {
            throw new IllegalArgumentException("rope_parameters.%s is %s, must be a number"
                    .formatted(key, scaling.has(key) ? scaling.path(key) : "missing"));
        }
        return scaling.path(key).asDouble();
    }

    private static RopeScaling yarn(JsonNode scaling, double theta, double original) {
        double factor = required(scaling, "factor");
        double magnitude = scaling.path("mscale").asDouble(0);
        double whole = scaling.path("mscale_all_dim").asDouble(0);
        double attention = scaling.hasNonNull("attention_factor")
                ? scaling.path("attention_factor").asDouble()
                : magnitude != 0 && whole != 0 ? hotter(factor, magnitude) / hotter(factor, whole) : hotter(factor, 1);
        return new Yarn(
                theta,
                factor,
                scaling.path("beta_fast").asDouble(32),
                scaling.path("beta_slow").asDouble(1),
                original,
                scaling.path("truncate").asBoolean(true),
                attention);
    }

    private static double hotter(double factor, double magnitude) {
        return factor <= 1 ? 1 : 0.1 * magnitude * Math.log(factor) + 1;
    }

    private static RopeScaling longRope(
            JsonNode scaling, double theta, double original, double context, double length) {
        double factor = scaling.path("factor").asDouble(context / original);
        double attention = scaling.hasNonNull("attention_factor")
                ? scaling.path("attention_factor").asDouble()
                : factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        var key = length > original ? "long_factor" : "short_factor";
        var factors = new ArrayList<Double>();
        scaling.path(key).forEach(each -> factors.add(each.asDouble()));
        if (factors.isEmpty()) {
            throw new IllegalArgumentException("rope_parameters.%s is missing, must be a list".formatted(key));
        }
        return new LongRope(theta, factors, attention);
    }

    /// The factor on cos and sin.
    default double attentionFactor() {
        return switch (this) {
            case Plain _, Linear _, Dynamic _, Llama3 _ -> 1;
            case Yarn yarn -> yarn.attention();
            case LongRope scaled -> scaled.attention();
        };
    }

    /// Turns per position of each pair of a head's dimensions, in radians.
    default float[] inverseFrequencies(int headWidth) {
        var result = new float[headWidth / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) frequency(i, headWidth);
        }
        return result;
    }

    private double frequency(int pair, int headWidth) {
        double plain = Math.pow(theta(), -2.0 * pair / headWidth);
        return switch (this) {
            case Plain _ -> plain;
            case Linear linear -> plain / linear.factor();
            case Dynamic dynamic -> {
                double stretch = dynamic.factor() * dynamic.length() / dynamic.original() - (dynamic.factor() - 1);
                double base = theta() * Math.pow(stretch, headWidth / (headWidth - 2.0));
                yield Math.pow(base, -2.0 * pair / headWidth);
            }
            case Yarn yarn -> {
                double first = dimension(yarn.fast(), yarn, headWidth);
                double last = dimension(yarn.slow(), yarn, headWidth);
                if (yarn.truncate()) {
                    first = Math.floor(first);
                    last = Math.ceil(last);
                }
                first = Math.max(first, 0);
                last = Math.min(last, headWidth - 1.0);
                double ramp = Math.clamp((pair - first) / (last == first ? 0.001 : last - first), 0, 1);
                yield plain / yarn.factor() * ramp + plain * (1 - ramp);
            }
            case Llama3 llama -> {
                double wave = 2 * Math.PI / plain;
                double smooth = (llama.original() / wave - llama.low()) / (llama.high() - llama.low());
                double kept = Math.clamp(smooth, 0, 1);
                yield (1 - kept) * plain / llama.factor() + kept * plain;
            }
            case LongRope scaled -> {
                if (scaled.factors().size() != headWidth / 2) {
                    throw new IllegalArgumentException("rope_parameters has %d factors, must have %d for head_dim %d"
                            .formatted(scaled.factors().size(), headWidth / 2, headWidth));
                }
                yield plain / scaled.factors().get(pair);
            }
        };
    }

    /// The dimension whose wave turns so often within the original context.
    private static double dimension(double turns, Yarn yarn, int headWidth) {
        return headWidth * Math.log(yarn.original() / (turns * 2 * Math.PI)) / (2 * Math.log(yarn.theta()));
    }

    /// Writes it into a `config.json`, in the keys that every reader of Llama knows.
    default void describe(ObjectNode json) {
        json.put("rope_theta", theta());
        switch (this) {
            case Plain _ -> json.putNull("rope_scaling");
            case Linear linear ->
                json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
            case Dynamic dynamic ->
                json.putObject("rope_scaling")
                        .put("rope_type", "dynamic")
                        .put("factor", dynamic.factor())
                        .put("original_max_position_embeddings", (long) dynamic.original());
            case Yarn yarn ->
                json.putObject("rope_scaling")
                        .put("rope_type", "yarn")
                        .put("factor", yarn.factor())
                        .put("beta_fast", yarn.fast())
                        .put("beta_slow", yarn.slow())
                        .put("truncate", yarn.truncate())
                        .put("attention_factor", yarn.attention())
                        .put("original_max_position_embeddings", (long) yarn.original());
            case Llama3 llama ->
                json.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", llama.factor())
                        .put("low_freq_factor", llama.low())
                        .put("high_freq_factor", llama.high())
                        .put("original_max_position_embeddings", (long) llama.original());
            case LongRope _ -> throw new IllegalStateException("LongRoPE is only ever read from a config.json");
        }
    }
}
