package dev.gyre.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.checkpoint.BertConfig.Pooling;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.OnnxFile;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.checkpoint.TensorFileWriter.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The sentence encoder all-MiniLM-L6-v2, from the ONNX file that a Maven artifact carries.
///
/// Embeddings, biases and norms stand there under BERT's own names; the matrices are nameless constants,
/// transposed, and found by the nodes that multiply by them.
final class MiniLm {

    private static final String WEIGHTS = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

    /// What the shapes of the weights do not tell.
    private static final int HEADS = 12;

    private static final double NORM_EPSILON = 1e-12;

    private MiniLm() {}

    /// Writes a Hugging Face folder.
    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        var file = Files.createTempFile("minilm", ".onnx");
        try {
            copy(WEIGHTS, file);
            try (var onnx = OnnxFile.open(file)) {
                write(folder, onnx);
            }
        } finally {
            Files.delete(file);
        }
        copy(TOKENIZER, folder.resolve("tokenizer.json"));
    }

    private static void copy(String resource, Path target) throws IOException {
        try (InputStream in = MiniLm.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("%s is not on the class path; build Gyre again".formatted(resource));
            }
            Files.deleteIfExists(target);
            Files.copy(in, target);
        }
    }

    private static void write(Path folder, OnnxFile onnx) {
        var shape = shape(onnx);
        var tensors = new ArrayList<Tensor>();
        shape.tensors().forEach((name, sizes) -> tensors.add(tensor(onnx, name, sizes)));
        TensorFileWriter.write(folder.resolve("model.safetensors"), tensors);
        JsonFile.write(folder.resolve("config.json"), shape.json(ElementType.F32));
        var tokenizer = JsonNodeFactory.instance.objectNode();
        tokenizer.put("tokenizer_class", "BertTokenizer").put("do_lower_case", true);
        tokenizer.put("model_max_length", shape.context());
        for (var token : List.of("cls", "sep", "pad", "unk", "mask")) {
            tokenizer.put(token + "_token", "[" + token.toUpperCase(Locale.ROOT) + "]");
        }
        JsonFile.write(folder.resolve("tokenizer_config.json"), tokenizer);
    }

    private static BertConfig shape(OnnxFile onnx) {
        var words = onnx.weight("embeddings.word_embeddings.weight").shape();
        int layers = 0;
        while (onnx.has("encoder.layer.%d.output.dense.bias".formatted(layers))) {
            layers++;
        }
        return new BertConfig(
                first(words),
                words.get(1).intValue(),
                first(onnx.weight("encoder.layer.0.intermediate.dense.bias").shape()),
                layers,
                HEADS,
                first(onnx.weight("embeddings.position_embeddings.weight").shape()),
                first(onnx.weight("embeddings.token_type_embeddings.weight").shape()),
                NORM_EPSILON,
                Pooling.MEAN,
                List.of());
    }

    private static int first(List<Long> shape) {
        return shape.getFirst().intValue();
    }

    /// A weight under the name that a bare `BertModel` keeps it by.
    private static Tensor tensor(OnnxFile onnx, String name, List<Long> shape) {
        var bare = name.substring("bert.".length());
        if (onnx.has(bare)) {
            return new Tensor(bare, ElementType.F32, shape, onnx.weight(bare)::bytes);
        }
        var layer = bare.substring(0, bare.lastIndexOf('.'));
        var node = "/" + layer.replace('.', '/').replace("/layer/", "/layer.") + "/MatMul";
        return new Tensor(bare, ElementType.F32, shape, onnx.weightReadBy(node)::transposed);
    }
}
