package dev.gyre.llm.model;

import dev.gyre.llm.checkpoint.Architecture;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.program.Program;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.program.Weights;
import dev.gyre.llm.text.Sequence;
import dev.gyre.llm.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A model that says how good an answer is, one number each: the higher the better, only differences mean something.
/// [Paper](https://arxiv.org/abs/2203.02155), section 3.5.
///
/// Calls are serialised inside, [#close] frees its native memory.
public final class RewardModel implements AutoCloseable {

    /// Most padded tokens at once; they bound the memory.
    private static final int TOKENS = 4096;

    private final ProgramRunner runner;
    private final Tokenizer tokenizer;
    private final Model model;
    private final long pad;
    private final Weights weights;
    private final Program program;

    private RewardModel(ProgramRunner runner, Tokenizer tokenizer, Model model, long pad) {
        this.runner = runner;
        this.tokenizer = tokenizer;
        this.model = model;
        this.pad = pad;
        this.weights = model.bind(Map.of());
        this.program = runner.load("learning", model.slots(Map.of("likelihood", "rewards")));
    }

    /// Opens a Hugging Face folder of a `…ForSequenceClassification` with one label, as the method `reward` makes it.
    ///
    /// @param device `auto`, `cpu` or `cuda:N`
    /// @throws IllegalArgumentException where the folder is something else, saying what
    public static RewardModel open(Path folder, String device) {
        if (!(Architecture.read(folder.resolve("config.json")) instanceof LlamaConfig config)
                || config.scores() != 1) {
            throw new IllegalArgumentException(
                    "%s gives a text no score, must be a …ForSequenceClassification with one label; train one by the method reward"
                            .formatted(folder));
        }
        long pad = JsonFile.read(folder.resolve("config.json")).path("pad_token_id").asLong(-1);
        var tokenizer = Tokenizer.open(folder);
        var runner = ProgramRunner.open(device);
        try {
            var model = Model.open(runner, folder, ElementType.F32, ElementType.F32);
            return new RewardModel(runner, tokenizer, model, pad);
        } catch (RuntimeException e) {
            runner.close();
            tokenizer.close();
            throw e;
        }
    }

    /// The score of each answer, in the order of the rows; one beyond the context is read as far as it goes.
    public List<Double> score(List<PromptCompletion> rows) {
        var sequences = rows.stream()
                .map(row -> tokenizer.encode(row.prompt(), row.completion()).cut(model.config().context()))
                .toList();
        sequences.forEach(this::checkIds);
        var found = new Double[rows.size()];
        var all = IntStream.range(0, found.length).boxed().toList();
        for (var chosen : SequenceScores.batches(all, sequences, TOKENS)) {
            var some = scores(chosen.stream().map(sequences::get).toList());
            for (int i = 0; i < some.length; i++) {
                found[chosen.get(i)] = (double) some[i];
            }
        }
        return new ArrayList<>(List.of(found));
    }

    private float[] scores(List<Sequence> sequences) {
        try (var scope = runner.newScope()) {
            var batch = TokenBatch.ends(runner, scope, Layout.together(sequences, true), pad);
            try (var given = runner.bind(batch.laid())) {
                return runner.read(runner.tensor(
                        scope,
                        program,
                        "see",
                        model.arguments(weights, batch.ids(), batch.positions(), batch.targets(), given)));
            }
        }
    }

    private void checkIds(Sequence sequence) {
        if (sequence.largest() >= model.config().vocabulary()) {
            throw new IllegalArgumentException(
                    "the tokenizer gives id %d, the model knows %d tokens; they do not belong together"
                            .formatted(sequence.largest(), model.config().vocabulary()));
        }
    }

    @Override
    public void close() {
        weights.close();
        model.close();
        runner.close();
        tokenizer.close();
    }
}
