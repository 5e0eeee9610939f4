package dev.gyre.llm.model;

import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An encoder open on a device, with or without a classification head; calls are serialised inside,
/// [#close] frees its native memory.
public final class Encoder implements OpenModel {

    private final ProgramRunner runner;
    private final Tokenizer tokenizer;
    private final Model model;
    private final List<String> labels;
    private final Weights weights;
    private final Program program;

    private Encoder(ProgramRunner runner, Tokenizer tokenizer, Model model, List<String> labels) {
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.model = model;
        this.labels = labels;
        this.weights = model.bind(Map.of());
        this.program = runner.load("encoder", Map.of("linear", "linear"));
    }

    /// Opens a Hugging Face folder of a `BertModel` or a `BertForSequenceClassification`.
    ///
    /// @param device `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException where the folder is something else, saying what
    public static Encoder open(Path folder, String device) {
        var config = BertConfig.read(folder.resolve("config.json"));
        if (config.masked()) {
            throw new IllegalArgumentException(
                    "%s names hidden tokens and gives no vector of a text; train it by the method classification, or set architectures in its config.json to BertModel"
                            .formatted(folder));
        }
        var tokenizer = Tokenizer.ofEncoder(folder);
        var runner = ProgramRunner.open(device);
        try {
            var model = Model.open(runner, folder, ElementType.F32, ElementType.F32);
            return new Encoder(runner, tokenizer, model, config.labels());
        } catch (RuntimeException e) {
            runner.close();
            tokenizer.close();
            throw e;
        }
    }

    /// All labels it knows, in the order of its head; none where it has no head.
    public List<String> labels() {
        return labels;
    }

    /// Gives every text a label; one beyond the context is read as far as it goes.
    ///
    /// @throws IllegalArgumentException where it has no head
    public List<Classified> classify(List<String> texts) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException(
                    "the encoder has no classification head; train one by the method classification");
        }
        return read("logits", texts).stream().map(this::classified).toList();
    }

    /// One vector per text; one beyond the context is read as far as it goes.
    public List<float[]> embed(List<String> texts) {
        return read("features", texts);
    }

    private List<float[]> read(String method, List<String> texts) {
        var sequences = texts.stream()
                .map(text -> tokenizer.whole(text).closedAt(model.config().context()))
                .toList();
        sequences.forEach(this::checkIds);
        return TextFeatures.of(runner, program, method, weights, model, sequences);
    }

    private void checkIds(Sequence sequence) {
        if (sequence.largest() >= model.config().vocabulary()) {
            throw new IllegalArgumentException(
                    "the tokenizer gives id %d, the model knows %d tokens; they do not belong together"
                            .formatted(sequence.largest(), model.config().vocabulary()));
        }
    }

    /// The softmax of the logits; of equal labels the first.
    private Classified classified(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        double sum = 0;
        for (var logit : logits) {
            sum += Math.exp(logit - logits[best]);
        }
        var probabilities = new LinkedHashMap<String, Double>();
        for (int i = 0; i < logits.length; i++) {
            probabilities.put(labels.get(i), Math.exp(logits[i] - logits[best]) / sum);
        }
        return new Classified(labels.get(best), probabilities);
    }

    @Override
    public void close() {
        weights.close();
        model.close();
        runner.close();
        tokenizer.close();
    }
}
