package dev.gyre.llm.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The weights of a folder: `model.safetensors`, or the shards that its index names.
public final class Shards implements AutoCloseable {

    /// The size beyond which weights are split, as transformers does: 50 GB.
    public static final long LARGEST = 50_000_000_000L;

    private static final String WHOLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final List<TensorFile> files;
    private final Map<String, TensorFile> home;

    private Shards(List<TensorFile> files, Map<String, TensorFile> home) {
        this.files = files;
        this.home = home;
    }

    /// Opens the weights of a folder.
    ///
    /// @throws IllegalArgumentException where there are none, a shard is missing, or the index
    /// contradicts the shards
    public static Shards open(Path folder) {
        if (TensorFile.exists(folder.resolve(WHOLE))) {
            return open(folder, Map.of(WHOLE, List.of()));
        }
        if (!Files.isRegularFile(folder.resolve(INDEX))) {
            throw new IllegalArgumentException(
                    "%s has neither %s nor %s; convert other formats to safetensors".formatted(folder, WHOLE, INDEX));
        }
        var promised = new LinkedHashMap<String, List<String>>();
        JsonFile.read(folder.resolve(INDEX))
                .path("weight_map")
                .properties()
                .forEach(weight -> promised.computeIfAbsent(weight.getValue().asText(), _ -> new ArrayList<>())
                        .add(weight.getKey()));
        return open(folder, promised);
    }

    private static Shards open(Path folder, Map<String, List<String>> promised) {
        var shards = new Shards(new ArrayList<>(), new LinkedHashMap<>());
        try {
            promised.forEach((name, tensors) -> shards.add(folder, name, tensors));
            return shards;
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    private void add(Path folder, String name, List<String> promised) {
        var path = folder.resolve(name).normalize();
        if (!path.startsWith(folder.normalize()) || !TensorFile.exists(path)) {
            throw new IllegalArgumentException(
                    "%s names the file %s, which is not in %s".formatted(INDEX, name, folder));
        }
        var file = TensorFile.open(path);
        files.add(file);
        for (var tensor : file.entries().keySet()) {
            var other = home.put(tensor, file);
            if (other != null) {
                throw new IllegalArgumentException(
                        "tensor %s is in both %s and %s".formatted(tensor, other.path(), path));
            }
        }
        for (var tensor : promised) {
            if (!file.entries().containsKey(tensor)) {
                throw new IllegalArgumentException(
                        "%s says that tensor %s is in %s, but it is not".formatted(INDEX, tensor, path));
            }
        }
    }

    /// The names of all tensors, shard by shard.
    public List<String> names() {
        return List.copyOf(home.keySet());
    }

    /// Whether there is a tensor of this name.
    public boolean has(String tensor) {
        return home.containsKey(tensor);
    }

    /// The file that holds a tensor.
    ///
    /// @throws IllegalArgumentException where there is no such tensor
    public TensorFile home(String tensor) {
        var file = home.get(tensor);
        if (file == null) {
            throw new IllegalArgumentException("there is no tensor %s".formatted(tensor));
        }
        return file;
    }

    /// Writes weights in their order: one file, or shards and their index where they take more bytes
    /// than `largest`.
    ///
    /// @param largest bytes of numbers per shard; a tensor larger than that gets a shard of its own
    public static void write(Path folder, List<TensorFileWriter.Tensor> tensors, long largest) {
        if (largest < 1) {
            throw new IllegalArgumentException("the largest shard is %d bytes, must be 1 or more".formatted(largest));
        }
        var shards = split(tensors, largest);
        if (shards.size() == 1) {
            TensorFileWriter.write(folder.resolve(WHOLE), tensors);
            return;
        }
        var places = new TreeMap<String, String>();
        for (int i = 0; i < shards.size(); i++) {
            var name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            TensorFileWriter.write(folder.resolve(name), shards.get(i));
            shards.get(i).forEach(tensor -> places.put(tensor.name(), name));
        }
        var json = JsonNodeFactory.instance.objectNode();
        json.putObject("metadata")
                .put(
                        "total_size",
                        tensors.stream()
                                .mapToLong(TensorFileWriter.Tensor::size)
                                .sum());
        places.forEach(json.putObject("weight_map")::put);
        JsonFile.write(folder.resolve(INDEX), json);
    }

    private static List<List<TensorFileWriter.Tensor>> split(List<TensorFileWriter.Tensor> tensors, long largest) {
        var shards = new ArrayList<List<TensorFileWriter.Tensor>>();
        shards.add(new ArrayList<>());
        long filled = 0;
        for (var tensor : tensors) {
            if (filled + tensor.size() > largest && !shards.getLast().isEmpty()) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.getLast().add(tensor);
            filled += tensor.size();
        }
        return shards;
    }

    @Override
    public void close() {
        files.forEach(TensorFile::close);
    }
}
