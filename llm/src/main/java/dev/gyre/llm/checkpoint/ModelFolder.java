package dev.gyre.llm.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// A checkpoint in Hugging Face layout, open and checked: every tensor is there in the shape
/// `config.json`
/// implies.
public final class ModelFolder implements AutoCloseable {

    /// Files beside the weights that belong to a model and are carried along unchanged.
    private static final List<String> COMPANIONS = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "special_tokens_map.json",
            "vocab.txt",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "generation_config.json");

    private final Path folder;
    private final Architecture config;
    private final Shards shards;

    private ModelFolder(Path folder, Architecture config, Shards shards) {
        this.folder = folder;
        this.config = config;
        this.shards = shards;
    }

    /// Opens a folder.
    ///
    /// @throws IllegalArgumentException naming file, tensor, found and expected shape where it is not
    /// such a model
    public static ModelFolder open(Path folder) {
        var config = Architecture.read(folder.resolve("config.json"));
        var shards = Shards.open(folder);
        try {
            var opened = new ModelFolder(folder, config, shards);
            opened.check();
            return opened;
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    private void check() {
        config.tensors().forEach((name, shape) -> {
            if (stored(name).isEmpty()) {
                throw new IllegalArgumentException("tensor %s is missing from %s; config.json implies one of shape %s"
                        .formatted(name, folder, shape));
            }
            var entry = entry(name);
            if (!entry.shape().equals(shape)) {
                throw new IllegalArgumentException("tensor %s in %s has shape %s, config.json implies %s"
                        .formatted(name, file(name).path(), entry.shape(), shape));
            }
            if (!entry.type().holdsWeights()) {
                throw new IllegalArgumentException("tensor %s in %s has type %s, weights must be F32, F16, BF16 or F64"
                        .formatted(name, file(name).path(), entry.type()));
            }
        });
    }

    public Path folder() {
        return folder;
    }

    public Architecture config() {
        return config;
    }

    /// The type its weights are stored in.
    public ElementType type() {
        return entry(config.tensors().keySet().iterator().next()).type();
    }

    /// A tensor under the name that the model knows it by.
    public TensorFile.Entry entry(String name) {
        return Objects.requireNonNull(file(name).entries().get(stored(name).orElseThrow()));
    }

    /// The bytes of a tensor, valid until this folder is closed.
    public ByteBuffer bytes(String name) {
        return file(name).bytes(entry(name));
    }

    /// One row of a tensor as fp32 numbers, counted over all dimensions but the last.
    public float[] row(String name, long row) {
        return file(name).row(entry(name), row);
    }

    private TensorFile file(String name) {
        return stored(name)
                .map(shards::home)
                .orElseThrow(
                        () -> new IllegalArgumentException("tensor %s is missing from %s".formatted(name, folder)));
    }

    /// The name it has in this folder.
    private Optional<String> stored(String name) {
        return Stream.concat(Stream.of(name), config.aliases(name).stream())
                .filter(shards::has)
                .findFirst();
    }

    /// Writes a folder with other weights; configuration and tokenizer come from this one.
    ///
    /// @param described the shape of these weights
    public void writeTo(Path target, Architecture described, List<TensorFileWriter.Tensor> weights) {
        try {
            Files.createDirectories(target);
            Shards.write(target, weights, Shards.LARGEST);
            var json = JsonFile.read(folder.resolve("config.json"));
            var stored = weights.getFirst().type().configName();
            json.put(json.has("dtype") && !json.has("torch_dtype") ? "dtype" : "torch_dtype", stored);
            described.describe(json);
            JsonFile.write(target.resolve("config.json"), json);
            for (var name : COMPANIONS) {
                if (Files.isRegularFile(folder.resolve(name))) {
                    Files.copy(folder.resolve(name), target.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(target), e);
        }
    }

    /// Writes other weights into a folder, in place of those that are there.
    public static void writeWeights(Path target, List<TensorFileWriter.Tensor> weights) {
        Shards.write(target, weights, Shards.LARGEST);
    }

    @Override
    public void close() {
        shards.close();
    }
}
