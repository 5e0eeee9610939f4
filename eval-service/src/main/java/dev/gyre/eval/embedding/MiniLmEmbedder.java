package dev.gyre.eval.embedding;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// all-MiniLM-L6-v2 by DJL's Predictor on ONNX Runtime: 384 numbers for what a text is about.
///
/// Reimers and Gurevych, "Sentence-BERT", EMNLP 2019: the mean of the last layer over the tokens, of length 1.
/// Reads the first 256 tokens. Opened at its first use.
public final class MiniLmEmbedder implements TextEmbedder {

    private static final String NAME = "all-MiniLM-L6-v2";
    private static final int BATCH = 32;
    private static final Map<String, String> OPTIONS =
            Map.of("maxLength", "256", "truncation", "true", "padding", "false");

    private record Open(
            HuggingFaceTokenizer tokenizer, Model model, Predictor<List<Encoding>, List<Embedding>> predictor) {}

    private final List<Open> open = new ArrayList<>(1);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized List<Embedding> embed(List<String> texts) {
        if (open.isEmpty()) {
            open.add(open());
        }
        var vectors = new ArrayList<Embedding>();
        for (var from = 0; from < texts.size(); from += BATCH) {
            vectors.addAll(embed(open.getFirst(), texts.subList(from, Math.min(texts.size(), from + BATCH))));
        }
        return vectors;
    }

    private static List<Embedding> embed(Open open, List<String> texts) {
        try {
            return open.predictor.predict(List.of(open.tokenizer.batchEncode(texts)));
        } catch (TranslateException failure) {
            throw new IllegalStateException("all-MiniLM-L6-v2 did not read its texts", failure);
        }
    }

    private static Open open() {
        try (var tokens = resource("/all-minilm-l6-v2-tokenizer.json")) {
            var model = model();
            return new Open(
                    HuggingFaceTokenizer.newInstance(tokens, OPTIONS), model, model.newPredictor(new MeanOfTokens()));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open all-MiniLM-L6-v2", failure);
        } catch (MalformedModelException broken) {
            throw new IllegalStateException("all-MiniLM-L6-v2 is broken", broken);
        }
    }

    /// Reads the weights from a file of their own, because 90 MB would crowd a small heap.
    private static Model model() throws IOException, MalformedModelException {
        // Nothing is computed outside of the model, so PyTorch need not be opened beside ONNX Runtime.
        System.setProperty("ai.djl.onnx.disable_alternative", "true");
        var folder = Files.createTempDirectory("gyre-minilm");
        var file = folder.resolve(NAME + ".onnx");
        try (var weights = resource("/all-minilm-l6-v2.onnx")) {
            Files.copy(weights, file);
            var model = Model.newInstance(NAME, Device.cpu(), "OnnxRuntime");
            model.load(folder, NAME);
            return model;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static InputStream resource(String name) throws IOException {
        var found = MiniLmEmbedder.class.getResourceAsStream(name);
        if (found == null) {
            throw new FileNotFoundException(name + " is not on the class path");
        }
        return found;
    }

    @Override
    public synchronized void close() {
        open.forEach(one -> {
            one.predictor.close();
            one.model.close();
            one.tokenizer.close();
        });
        open.clear();
    }

    private static final class MeanOfTokens implements NoBatchifyTranslator<List<Encoding>, List<Embedding>> {

        @Override
        public NDList processInput(TranslatorContext context, List<Encoding> texts) {
            context.setAttachment("texts", texts);
            var time =
                    texts.stream().mapToInt(text -> text.getIds().length).max().orElse(0);
            var shape = new Shape(texts.size(), time);
            var manager = context.getNDManager();
            var ids = manager.create(padded(texts, time, Encoding::getIds), shape); // (batch, time)
            ids.setName("input_ids");
            var mask = manager.create(padded(texts, time, Encoding::getAttentionMask), shape);
            mask.setName("attention_mask");
            var types = manager.create(padded(texts, time, Encoding::getTypeIds), shape);
            types.setName("token_type_ids");
            return new NDList(ids, mask, types);
        }

        @Override
        public List<Embedding> processOutput(TranslatorContext context, NDList outputs) {
            var texts = (List<?>) context.getAttachment("texts");
            var states = outputs.getFirst(); // (batch, time, dimension)
            var time = (int) states.getShape().get(1);
            var dimension = (int) states.getShape().get(2);
            var numbers = states.toFloatArray();
            var vectors = new ArrayList<Embedding>();
            for (var text = 0; text < texts.size(); text++) {
                var mask = ((Encoding) texts.get(text)).getAttentionMask();
                var sum = new float[dimension];
                for (var token = 0; token < mask.length; token++) {
                    for (var i = 0; mask[token] == 1 && i < dimension; i++) {
                        sum[i] += numbers[(text * time + token) * dimension + i];
                    }
                }
                vectors.add(Embedding.of(sum));
            }
            return vectors;
        }

        private static long[] padded(List<Encoding> texts, int time, Function<Encoding, long[]> part) {
            var numbers = new long[texts.size() * time];
            for (var text = 0; text < texts.size(); text++) {
                var row = part.apply(texts.get(text));
                System.arraycopy(row, 0, numbers, text * time, row.length);
            }
            return numbers;
        }
    }
}
