package dev.gyre.llm.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.Gpt2Config;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A GPT-2 of minGPT and every tensor between its ids and its answer: `X-model.json`, `X-…partials.json`.
///
/// Tensors are base64 of little-endian fp32. minGPT keeps matrices as (out, in), and masks as buffers.
final class InnerTensors {

    private static final String PARTIALS = "partials.json";
    private static final double TOLERANCE = 1e-5;

    /// What the program tells, in its order.
    private static final List<String> ONCE = List.of(
            "tok_emb", "pos_emb", "x", "ln1", "qkv", "q", "k", "v", "att", "attSm", "y", "yProj", "attnResid", "ln2",
            "fc", "gelu", "mlp", "mlpResid");

    private InnerTensors() {}

    static boolean is(Path file) {
        return file.toString().endsWith(PARTIALS) && Files.isRegularFile(model(file));
    }

    private static Path model(Path file) {
        var name = String.valueOf(file.getFileName());
        var stem = name.substring(0, name.length() - PARTIALS.length()).replaceFirst("-(?:t\\d+-)?$", "");
        return file.resolveSibling(stem + "-model.json");
    }

    static void verify(Path file, Findings findings) {
        var wanted = JsonFile.read(file);
        TemporaryFolder.with(folder -> {
            write(JsonFile.read(model(file)), folder);
            try (var runner = ProgramRunner.open("cpu");
                    var model = Model.open(runner, folder, ElementType.F32, ElementType.F32);
                    var scope = runner.newScope()) {
                var got = new LinkedHashMap<String, float[]>();
                computed(runner, model, scope, wanted.path("idx"), wanted.path("config").path("n_layer").asInt())
                        .forEach((name, tensor) -> got.put(name, runner.read(tensor)));
                wanted.properties().stream()
                        .filter(each -> !each.getKey().equals("config") && !each.getKey().equals("idx"))
                        .forEach(each -> {
                            var own = got.get(each.getKey());
                            if (own == null) {
                                findings.unknown(each.getKey(), "a tensor that is computed");
                            } else {
                                findings.numbers(each.getKey(), own, floats(each.getValue()), TOLERANCE);
                            }
                        });
            }
        });
    }

    private static Map<String, NDArray> computed(
            ProgramRunner runner, Model model, NDManager scope, JsonNode index, int layers) {
        var numbers = floats(index);
        var ids = new long[numbers.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (long) numbers[i];
        }
        var program = runner.loadText("inner_tensors", program(), model.slots(Map.of("linear", "linear")));
        try (var weights = model.bind(Map.of())) {
            var told = runner.tensors(
                    scope,
                    program,
                    "all",
                    weights,
                    model.shape(),
                    model.config().normEpsilon(),
                    runner.integers(scope, ids, sizes(index).stream().mapToLong(Long::longValue).toArray()));
            var names = new ArrayList<>(ONCE);
            for (int layer = 0; layer < layers; layer++) {
                names.add("block" + layer);
            }
            names.addAll(List.of("ln_f", "lm_head", "probs"));
            var named = new LinkedHashMap<String, NDArray>();
            for (int i = 0; i < names.size(); i++) {
                named.put(names.get(i), told.get(i));
            }
            return named;
        }
    }

    /// As a Hugging Face folder, which keeps matrices as (in, out).
    private static void write(ObjectNode source, Path folder) {
        var given = source.path("config");
        var config = source.objectNode().put("model_type", "gpt2");
        config.putArray("architectures").add("GPT2LMHeadModel");
        for (var key : List.of("n_layer", "n_head", "n_embd", "vocab_size")) {
            config.set(key, given.path(key));
        }
        config.set("n_positions", given.path("block_size"));
        config.put("tie_word_embeddings", false);
        JsonFile.write(folder.resolve("config.json"), config);
        var known = Gpt2Config.read(folder.resolve("config.json"));
        var tensors = new ArrayList<TensorFileWriter.Tensor>();
        known.tensors().forEach((name, shape) -> {
            var values = floats(source.path(name));
            var bytes = bytes(known.isTurned(name) ? turned(values, shape) : values);
            tensors.add(new TensorFileWriter.Tensor(name, ElementType.F32, shape, () -> bytes));
        });
        TensorFileWriter.write(folder.resolve("model.safetensors"), tensors);
    }

    private static float[] turned(float[] values, List<Long> shape) {
        int in = Math.toIntExact(shape.get(0));
        int out = Math.toIntExact(shape.get(1));
        var turned = new float[values.length];
        for (int row = 0; row < out; row++) {
            for (int column = 0; column < in; column++) {
                turned[column * out + row] = values[row * in + column];
            }
        }
        return turned;
    }

    private static ByteBuffer bytes(float[] values) {
        var bytes = ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static List<Long> sizes(JsonNode tensor) {
        var sizes = new ArrayList<Long>();
        tensor.path("shape").forEach(size -> sizes.add(size.asLong()));
        return sizes;
    }

    private static float[] floats(JsonNode tensor) {
        var numbers = ByteBuffer.wrap(Base64.getDecoder().decode(tensor.path("data").asText()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var values = new float[numbers.remaining()];
        numbers.get(values);
        return values;
    }

    private static String program() {
        try (var in = InnerTensors.class.getResourceAsStream("inner_tensors.torchscript")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
