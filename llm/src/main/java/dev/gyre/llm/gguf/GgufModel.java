package dev.gyre.llm.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.GemmaConfig;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.ModelFolder;
import dev.gyre.llm.checkpoint.Shards;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// Models of the families of Llama and Gemma between a Hugging Face folder and one GGUF file.
///
/// As llama.cpp's converter does, vectors stay fp32, a matrix whose rows the wanted type cannot hold
/// becomes fp16, the rows of Llama's queries and keys are put into the order of rotated pairs, and
/// Gemma's norms get the 1 that they are kept without.
public final class GgufModel {

    private static final int PIECE = 1 << 22;

    private GgufModel() {}

    /// Writes a folder as a GGUF file.
    ///
    /// @param type of the matrices
    /// @throws IllegalArgumentException where the folder is not well formed, or of another family
    public static void write(Path folder, Path file, GgufType type) {
        try (var model = ModelFolder.open(folder)) {
            var json = JsonFile.read(folder.resolve("config.json"));
            var naming = Naming.ofModel(json);
            var config = model.config() instanceof GemmaConfig gemma ? GemmaKeys.plain(gemma) : json;
            var keys = new LinkedHashMap<String, GgufValue>();
            keys.put("general.architecture", GgufValue.of(naming.architecture()));
            keys.put("general.type", GgufValue.of("model"));
            keys.put("general.name", GgufValue.of(name(folder)));
            keys.put("general.file_type", GgufValue.unsigned(type.fileType()));
            keys.put("general.quantization_version", GgufValue.unsigned(2));
            keys.putAll(ModelKeys.of(config, naming));
            if (model.config() instanceof GemmaConfig gemma) {
                GemmaKeys.put(keys, gemma, naming);
            }
            keys.putAll(TokenizerKeys.of(folder));
            GgufWriter.write(file, keys, tensors(model, config, naming, type));
        }
    }

    private static String name(Path folder) {
        var name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }

    private static List<GgufWriter.Tensor> tensors(ModelFolder model, ObjectNode config, Naming naming, GgufType type) {
        var tensors = new ArrayList<GgufWriter.Tensor>();
        var slowing = ModelKeys.slowing(config);
        if (slowing.length > 0) {
            tensors.add(new GgufWriter.Tensor(
                    ModelKeys.FREQUENCIES, GgufType.F32, List.of((long) slowing.length), _ -> slowing));
        }
        model.config().tensors().forEach((name, shape) -> {
            int heads = naming.heads(name, ModelKeys.heads(config), ModelKeys.groups(config));
            long width = ModelKeys.headWidth(config);
            GgufWriter.Rows rows = heads == 0
                    ? row -> plus(model.row(name, row), naming.shift(name))
                    : shape.size() == 1
                            ? _ -> interleaved(model.row(name, 0), width)
                            : row -> model.row(name, Naming.interleave(row, width));
            tensors.add(new GgufWriter.Tensor(naming.toFile(name), fitting(type, shape), shape, rows));
        });
        return tensors;
    }

    private static GgufType fitting(GgufType wanted, List<Long> shape) {
        if (shape.size() == 1) {
            return GgufType.F32;
        }
        return wanted.fits(shape.getLast()) ? wanted : GgufType.F16;
    }

    private static float[] plus(float[] numbers, float shift) {
        for (int i = 0; i < numbers.length && shift != 0; i++) {
            numbers[i] += shift;
        }
        return numbers;
    }

    private static float[] interleaved(float[] vector, long width) {
        var result = new float[vector.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = vector[(int) Naming.interleave(i, width)];
        }
        return result;
    }

    private static float[] separated(float[] vector, long width) {
        var result = new float[vector.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = vector[(int) Naming.separate(i, width)];
        }
        return result;
    }

    /// Writes the tokenizer of a GGUF file, which needs no weights, into a folder.
    ///
    /// @throws IllegalArgumentException where the file is not well formed, or its tokenizer of another kind
    public static void readTokenizer(Path file, Path folder) {
        try (var source = GgufFile.open(file)) {
            TokenizerJson.write(source, folder, Integer.MAX_VALUE);
        }
    }

    /// Writes a GGUF file as a Hugging Face folder; quantised numbers become the fp32 numbers they stand for.
    ///
    /// @throws IllegalArgumentException where the file is not well formed, or of another family
    public static void read(Path file, Path folder) {
        try (var source = GgufFile.open(file)) {
            var naming = Naming.ofFile(source);
            var config = ModelKeys.config(source, naming);
            var weights = new ArrayList<TensorFileWriter.Tensor>();
            for (var entry : source.entries().values()) {
                if (!entry.name().equals(ModelKeys.FREQUENCIES)) {
                    weights.add(weight(source, entry, naming, config));
                }
            }
            Files.createDirectories(folder);
            TokenizerJson.write(
                    source, folder, config.path("max_position_embeddings").asLong());
            Shards.write(folder, weights, Shards.LARGEST);
            var embedding = weights.stream()
                    .filter(weight -> weight.name().equals("model.embed_tokens.weight"))
                    .findFirst();
            config.put("torch_dtype", embedding.orElseThrow().type().configName());
            JsonFile.write(folder.resolve("config.json"), config);
            var ends = JsonNodeFactory.instance.objectNode();
            for (var end : List.of("bos_token_id", "eos_token_id")) {
                if (config.has(end)) {
                    ends.set(end, config.path(end));
                }
            }
            JsonFile.write(folder.resolve("generation_config.json"), ends);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(folder), e);
        }
    }

    private static TensorFileWriter.Tensor weight(
            GgufFile source, GgufFile.Entry entry, Naming naming, ObjectNode config) {
        var name = naming.toFolder(entry.name());
        int heads = naming.heads(name, ModelKeys.heads(config), ModelKeys.groups(config));
        long width = ModelKeys.headWidth(config);
        if (heads > 0 && entry.shape().getFirst() != heads * width) {
            throw new IllegalArgumentException("tensor %s in %s has shape %s, but there are %d heads of %d"
                    .formatted(entry.name(), source.path(), entry.shape(), heads, width));
        }
        GgufWriter.Rows rows = heads == 0
                ? row -> plus(source.row(entry, row), -naming.shift(name))
                : entry.shape().size() == 1
                        ? _ -> separated(source.row(entry, 0), width)
                        : row -> source.row(entry, Naming.separate(row, width));
        var kept = switch (entry.type()) {
            case F32, F16, BF16 -> entry.type();
            case Q8_0, Q4_0 -> GgufType.F32;
        };
        var type = ElementType.valueOf(kept.name().toUpperCase(Locale.ROOT));
        return new TensorFileWriter.Tensor(
                name, type, entry.shape(), new Pieces(new GgufWriter.Tensor(name, kept, entry.shape(), rows)));
    }

    /// Rows encoded a few at a time, so that no tensor is held whole.
    private static final class Pieces implements TensorFileWriter.Pieces {

        private final GgufWriter.Tensor tensor;
        private long next;

        Pieces(GgufWriter.Tensor tensor) {
            this.tensor = tensor;
        }

        @Override
        public ByteBuffer get() {
            long size = tensor.type().size(tensor.shape().getLast());
            long rows = Math.clamp(PIECE / size, 1, tensor.rowCount() - next);
            var bytes = ByteBuffer.allocate(Math.toIntExact(rows * size)).order(ByteOrder.LITTLE_ENDIAN);
            for (long row = 0; row < rows; row++) {
                tensor.type().encode(tensor.rows().row(next++), bytes);
            }
            return bytes.flip();
        }
    }
}
