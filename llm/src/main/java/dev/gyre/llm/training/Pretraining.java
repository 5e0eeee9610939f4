package dev.gyre.llm.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.FirstWeights;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.recipe.Adapter;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.BytePairTrainer;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Makes a base model from texts: learns a tokenizer, draws first weights, trains on the packed text.
public final class Pretraining {

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
        FirstWeights.write(folder.resolve("model.safetensors"), shape, job.seed());
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
