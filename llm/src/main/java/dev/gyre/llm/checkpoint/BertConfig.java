package dev.gyre.llm.checkpoint;

import static dev.gyre.llm.checkpoint.ConfigKeys.linear;
import static dev.gyre.llm.checkpoint.ConfigKeys.norm;
import static dev.gyre.llm.checkpoint.ConfigKeys.number;
import static dev.gyre.llm.checkpoint.ConfigKeys.positive;
import static dev.gyre.llm.checkpoint.ConfigKeys.require;
import static dev.gyre.llm.checkpoint.ConfigKeys.requireValue;
import static dev.gyre.llm.checkpoint.ConfigKeys.sizes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The shape of a BERT encoder, with or without a classification head, as `config.json` tells it.
///
/// @param types kinds of segments; a lone text is of kind 0
/// @param context longest row in tokens
/// @param labels of the head, by its rows; empty where the encoder has none
/// @param masked whether it names hidden tokens, and has no pooler
public record BertConfig(
        int vocabulary,
        int width,
        int feedForward,
        int layers,
        int heads,
        int context,
        int types,
        double normEpsilon,
        Pooling pooling,
        List<String> labels,
        boolean masked)
        implements Architecture {

    /// How the tokens of a text become one vector.
    public enum Pooling {
        /// BERT's own pooler on the first token ([paper](https://arxiv.org/abs/1810.04805)).
        CLS,
        /// The mean over all tokens, as sentence encoders have it
        /// ([paper](https://arxiv.org/abs/1908.10084)).
        MEAN
    }

    /// The key of `config.json` that names the pooling; it is Gyre's own, absent is `cls`.
    public static final String POOLING_KEY = "gyre_pooling";

    /// The tensors of the classification head.
    public static final Set<String> HEAD = Set.of("classifier.weight", "classifier.bias");

    private static final String CLASSIFIER = "BertForSequenceClassification";
    private static final String MASKED = "BertForMaskedLM";
    private static final String PREFIX = "bert.";

    public BertConfig {
        positive("vocab_size", vocabulary);
        positive("hidden_size", width);
        positive("intermediate_size", feedForward);
        positive("num_hidden_layers", layers);
        positive("num_attention_heads", heads);
        positive("max_position_embeddings", context);
        positive("type_vocab_size", types);
        require(width % heads == 0, "hidden_size", width, "a multiple of num_attention_heads " + heads);
        labels = List.copyOf(labels);
        require(labels.stream().distinct().count() == labels.size(), "id2label", labels, "labels that differ");
        require(
                !masked || labels.isEmpty(),
                "architectures",
                "BertForMaskedLM with labels",
                "BertForSequenceClassification to be given labels");
    }

    /// An encoder that does not name hidden tokens.
    public BertConfig(
            int vocabulary,
            int width,
            int feedForward,
            int layers,
            int heads,
            int context,
            int types,
            double normEpsilon,
            Pooling pooling,
            List<String> labels) {
        this(vocabulary, width, feedForward, layers, heads, context, types, normEpsilon, pooling, labels, false);
    }

    @Override
    public long[] shape() {
        return new long[] {layers, heads, pooling.ordinal()};
    }

    /// Reads a `config.json`.
    ///
    /// @throws IllegalArgumentException where this is not a BERT this engine runs
    public static BertConfig read(Path file) {
        return JsonFile.read(file, BertConfig::parse);
    }

    private static BertConfig parse(ObjectNode json) {
        requireValue(json, "model_type", "bert");
        if (json.has("hidden_act")) {
            requireValue(json, "hidden_act", "gelu");
        }
        if (json.hasNonNull("position_embedding_type")) {
            requireValue(json, "position_embedding_type", "absolute");
        }
        require(!json.path("is_decoder").asBoolean(false), "is_decoder", true, "false");
        require(
                !json.hasNonNull("quantization_config"),
                "quantization_config",
                "set",
                "absent; only plain weights are read");
        return new BertConfig(
                number(json, "vocab_size"),
                number(json, "hidden_size"),
                number(json, "intermediate_size"),
                number(json, "num_hidden_layers"),
                number(json, "num_attention_heads"),
                number(json, "max_position_embeddings"),
                json.path("type_vocab_size").asInt(2),
                json.path("layer_norm_eps").asDouble(1e-12),
                pooling(json.path(POOLING_KEY).asText("cls")),
                labels(json),
                isA(json, MASKED));
    }

    private static Pooling pooling(String word) {
        return Arrays.stream(Pooling.values())
                .filter(pooling -> word(pooling).equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("%s is %s, must be cls or mean".formatted(POOLING_KEY, word)));
    }

    private static String word(Pooling pooling) {
        return pooling.name().toLowerCase(Locale.ROOT);
    }

    /// The labels of a classifier; transformers leaves out `id2label` where it has its two defaults.
    private static List<String> labels(JsonNode json) {
        if (!isA(json, CLASSIFIER)) {
            return List.of();
        }
        if (!json.path("id2label").isObject()) {
            return List.of("LABEL_0", "LABEL_1");
        }
        var byId = new TreeMap<Integer, String>();
        json.path("id2label").properties().forEach(entry -> {
            require(entry.getKey().matches("\\d{1,9}"), "id2label", entry.getKey(), "keyed by whole numbers");
            byId.put(Integer.parseInt(entry.getKey()), entry.getValue().asText());
        });
        require(
                !byId.isEmpty() && byId.lastKey() == byId.size() - 1,
                "id2label",
                json.path("id2label"),
                "numbered from 0 without a gap");
        return List.copyOf(byId.values());
    }

    private static boolean isA(JsonNode json, String architecture) {
        boolean is = false;
        for (var each : json.path("architectures")) {
            is |= each.asText().equals(architecture);
        }
        return is;
    }

    /// The same encoder with a head for these labels too, all sorted; it no longer names hidden tokens.
    public BertConfig withLabels(Collection<String> more) {
        var all = new TreeSet<>(labels);
        all.addAll(more);
        return new BertConfig(
                vocabulary,
                width,
                feedForward,
                layers,
                heads,
                context,
                types,
                normEpsilon,
                pooling,
                List.copyOf(all),
                false);
    }

    /// This shape as a `config.json`.
    public ObjectNode json(ElementType type) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("model_type", "bert");
        json.put("vocab_size", vocabulary);
        json.put("hidden_size", width);
        json.put("intermediate_size", feedForward);
        json.put("num_hidden_layers", layers);
        json.put("num_attention_heads", heads);
        json.put("max_position_embeddings", context);
        json.put("type_vocab_size", types);
        json.put("layer_norm_eps", normEpsilon);
        json.put("hidden_act", "gelu");
        json.put("hidden_dropout_prob", 0.0);
        json.put("attention_probs_dropout_prob", 0.0);
        json.put("pad_token_id", 0);
        json.put("torch_dtype", type.configName());
        describe(json);
        return json;
    }

    @Override
    public void describe(ObjectNode json) {
        json.put(POOLING_KEY, word(pooling));
        json.putArray("architectures").add(masked ? MASKED : labels.isEmpty() ? "BertModel" : CLASSIFIER);
        if (labels.isEmpty()) {
            return;
        }
        json.put("problem_type", "single_label_classification");
        var byId = json.putObject("id2label");
        var byLabel = json.putObject("label2id");
        for (int i = 0; i < labels.size(); i++) {
            byId.put(Integer.toString(i), labels.get(i));
            byLabel.put(labels.get(i), i);
        }
    }

    @Override
    public Map<String, List<Long>> tensors() {
        var all = new LinkedHashMap<String, List<Long>>();
        var embeddings = PREFIX + "embeddings.";
        all.put(embeddings + "word_embeddings.weight", sizes(vocabulary, width));
        all.put(embeddings + "position_embeddings.weight", sizes(context, width));
        all.put(embeddings + "token_type_embeddings.weight", sizes(types, width));
        norm(all, embeddings + "LayerNorm", width);
        for (int layer = 0; layer < layers; layer++) {
            var block = PREFIX + "encoder.layer.%d.".formatted(layer);
            for (var projection : List.of("query", "key", "value")) {
                linear(all, block + "attention.self." + projection, width, width, true);
            }
            linear(all, block + "attention.output.dense", width, width, true);
            norm(all, block + "attention.output.LayerNorm", width);
            linear(all, block + "intermediate.dense", feedForward, width, true);
            linear(all, block + "output.dense", width, feedForward, true);
            norm(all, block + "output.LayerNorm", width);
        }
        if (masked) {
            all.put("cls.predictions.bias", sizes(vocabulary));
            linear(all, "cls.predictions.transform.dense", width, width, true);
            norm(all, "cls.predictions.transform.LayerNorm", width);
        } else if (pooling == Pooling.CLS) {
            linear(all, PREFIX + "pooler.dense", width, width, true);
        }
        if (!labels.isEmpty()) {
            linear(all, "classifier", labels.size(), width, true);
        }
        return all;
    }

    /// A bare `BertModel` leaves out the prefix, the first checkpoints call a norm's weights gamma and beta.
    @Override
    public List<String> aliases(String tensor) {
        if (!tensor.startsWith(PREFIX)) {
            return tensor.startsWith("cls.") ? List.of(former(tensor)) : List.of();
        }
        var bare = tensor.substring(PREFIX.length());
        return Stream.of(bare, former(tensor), former(bare)).distinct().toList();
    }

    private static String former(String tensor) {
        return tensor.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    }
}
