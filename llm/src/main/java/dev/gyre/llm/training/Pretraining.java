package dev.gyre.llm.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.checkpoint.TensorFileWriter;
import dev.gyre.llm.text.BytePairTrainer;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/// Makes a base model from texts: learns a tokenizer, draws first weights, trains on the packed text.
public final class Pretraining {

    /// Spread of the first weights, as in GPT-2.
    private static final double SPREAD = 0.02;

    private Pretraining() {}

    /// Runs a job to its end on the calling thread; the finished folder is a complete Hugging Face model.
    public static TrainingOutcome run(PretrainingJob job, TrainingListener listener) {
        if (job.documents().isEmpty()) {
            return new TrainingOutcome.Refused(List.of("there are no documents"));
        }
        var beginning = job.work().resolve("beginning");
        Checkpoints.whole(beginning, folder -> begin(job, folder));
        List<Example> examples;
        try (var tokenizer = Tokenizer.open(beginning)) {
            examples = packed(job.documents(), tokenizer, job.shape().context());
        }
        var recipe = new Recipe.Supervised(new Adapter.None(), job.regime());
        return new Lesson(
                        beginning,
                        examples,
                        recipe,
                        job.seed(),
                        job.work(),
                        job.device(),
                        fingerprint(job, recipe, beginning),
                        Map.of("documents", (double) job.documents().size()))
                .run(listener);
    }

    private static String fingerprint(PretrainingJob job, Recipe recipe, Path beginning) {
        var fingerprint = new Fingerprint(recipe.identity());
        fingerprint.add("seed=" + job.seed());
        fingerprint.addModel(beginning);
        job.documents().forEach(fingerprint::add);
        return fingerprint.finish();
    }

    /// A model that knows nothing yet.
    private static void begin(PretrainingJob job, Path folder) {
        int tokens = BytePairTrainer.train(
                job.documents(), job.shape().vocabulary(), folder, job.shape().context());
        var shape = job.shape().withVocabulary(tokens);
        var ends = JsonNodeFactory.instance.objectNode();
        ends.put("bos_token_id", BytePairTrainer.BEGIN_ID).put("eos_token_id", BytePairTrainer.END_ID);
        JsonFile.write(folder.resolve("generation_config.json"), ends);
        JsonFile.write(
                folder.resolve("config.json"), shape.json(ElementType.F32).setAll(ends));
        var weights = new ArrayList<TensorFileWriter.Tensor>();
        shape.tensors()
                .forEach((name, sizes) -> weights.add(new TensorFileWriter.Tensor(
                        name, ElementType.F32, sizes, () -> first(name, sizes, shape, job.seed()))));
        TensorFileWriter.write(folder.resolve("model.safetensors"), weights);
    }

    /// Norms begin at 1, biases at 0, all else is drawn; what is added to the residual stream begins
    /// smaller.
    private static ByteBuffer first(String name, List<Long> sizes, LlamaConfig shape, long seed) {
        int count = Math.toIntExact(sizes.stream().reduce(1L, Math::multiplyExact));
        var bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        var random = new Random(seed ^ (0x9E3779B97F4A7C15L * name.hashCode()));
        boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
        double spread = residual ? SPREAD / Math.sqrt(2.0 * shape.layers()) : SPREAD;
        for (int i = 0; i < count; i++) {
            if (name.endsWith("norm.weight")) {
                bytes.putFloat(1);
            } else if (name.endsWith(".bias")) {
                bytes.putFloat(0);
            } else {
                bytes.putFloat((float) (spread * random.nextGaussian()));
            }
        }
        return bytes.flip();
    }

    /// All documents one after the other, each with its begin and end token, in rows of the context's
    /// length.
    private static List<Example> packed(List<String> documents, Tokenizer tokenizer, int context) {
        var all = documents.stream()
                .flatMapToLong(text ->
                        LongStream.concat(Arrays.stream(tokenizer.encode(text)), LongStream.of(tokenizer.end())))
                .toArray();
        var rows = new ArrayList<Example>();
        for (int from = 0; from + 1 < all.length; from += context) {
            var row = Arrays.copyOfRange(all, from, Math.min(all.length, from + context));
            rows.add(new Example.Demonstration(new Sequence(row, 1)));
        }
        return rows;
    }
}
