package dev.gyre.llm.model;

import dev.gyre.llm.checkpoint.DecoderConfig;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.text.NewTokens;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A language model with more tokens than it was made with.
///
/// A new token begins as the mean of all that were there, in the embedding and, where it is another matrix, in the
/// classifier ([why](https://nlp.stanford.edu/~johnhew/vocab-expansion.html)): the logits of the others stay as they
/// are, and the new one's is their mean.
public final class GrownModel {

    private static final String CLASSIFIER = "lm_head.weight";

    private GrownModel() {}

    /// Writes a folder with new tokens behind the others; those that the tokenizer has already keep their ids.
    ///
    /// @param target a folder that is not there yet
    /// @param special whether they are left out where tokens are made text
    /// @param multiple rows of the embedding are added up to a multiple of it, 1 or more
    /// @return the id of each token
    /// @throws IllegalArgumentException where the folder holds no language model, or the target is there
    public static Map<String, Integer> write(
            Path folder, Path target, List<String> tokens, boolean special, int multiple) {
        if (multiple < 1) {
            throw new IllegalArgumentException("multiple is %d, must be 1 or more".formatted(multiple));
        }
        if (target.toFile().exists()) {
            throw new IllegalArgumentException("%s is there already; name a folder that is not".formatted(target));
        }
        try (var model = ModelFolder.open(folder)) {
            if (!(model.config() instanceof DecoderConfig decoder)) {
                throw new IllegalArgumentException(
                        "%s holds an encoder; only language models take new tokens".formatted(folder));
            }
            // The tokenizer says how many rows there must be; it is written with the weights as they were, first.
            model.writeTo(target, decoder, weights(model, decoder, decoder.vocabulary()));
            var ids = NewTokens.add(target, tokens, special);
            int needed = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
            int rows = Math.ceilDiv(Math.max(decoder.vocabulary(), needed), multiple) * multiple;
            if (rows > decoder.vocabulary()) {
                var config = JsonFile.read(target.resolve("config.json"));
                JsonFile.write(target.resolve("config.json"), config.put("vocab_size", rows));
                ModelFolder.writeWeights(target, weights(model, decoder, rows));
            }
            return ids;
        }
    }

    private static List<TensorFileWriter.Tensor> weights(ModelFolder model, DecoderConfig decoder, int rows) {
        var growing = Set.of(decoder.embedding(), CLASSIFIER);
        var weights = new ArrayList<TensorFileWriter.Tensor>();
        decoder.tensors().forEach((name, shape) -> {
            var type = model.entry(name).type();
            boolean grows = growing.contains(name) && rows > decoder.vocabulary();
            weights.add(new TensorFileWriter.Tensor(
                    name,
                    type,
                    grows ? List.of((long) rows, shape.getLast()) : shape,
                    () -> grows ? grown(model, name, type, rows) : model.bytes(name)));
        });
        return weights;
    }

    private static ByteBuffer grown(ModelFolder model, String name, ElementType type, int rows) {
        var before = model.bytes(name);
        int width = Math.toIntExact(model.entry(name).shape().getLast());
        int held = Math.toIntExact(model.entry(name).shape().getFirst());
        var mean = new double[width];
        for (int row = 0; row < held; row++) {
            var values = model.row(name, row);
            for (int i = 0; i < width; i++) {
                mean[i] += values[i] / (double) held;
            }
        }
        var bytes = ByteBuffer.allocateDirect(Math.multiplyExact(Math.multiplyExact(rows, width), type.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(before);
        while (bytes.hasRemaining()) {
            for (var each : mean) {
                type.put(bytes, each);
            }
        }
        return bytes.flip();
    }
}
