package dev.gyre.llm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.checkpoint.BertConfig;
import dev.gyre.llm.model.Layout;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.objective.OddsRatio;
import dev.gyre.llm.program.ProgramRunner;
import dev.gyre.llm.recipe.Adapter;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Examples of one step, all or some, as the tensors that programs take.
///
/// @param step the step they belong to, from 0
/// @param first the number that the first of them has in that step
/// @param noise on their embedded tokens; absent where there is none
/// @param places the ids that each row begins with: of a tuned prompt or prefix
/// @param known for each example, what the model gave it before it learned; empty where the recipe
/// has none
record Batch(
        ProgramRunner runner,
        NDManager scope,
        Recipe recipe,
        Model model,
        long[] places,
        int step,
        int first,
        @Nullable Noise noise,
        List<Example> examples,
        List<float[]> known) {

    TokenBatch tokens() {
        return switch (recipe) {
            case Recipe.Supervised _, Recipe.Dpo _ -> TokenBatch.of(runner, scope, layout());
            case Recipe.Reward _ -> TokenBatch.ends(runner, scope, layout(), model.pad());
            case Recipe.Reinforcement _, Recipe.Distillation _ -> throw Training.elsewhere();
            case Recipe.Classification frozen
            when frozen.adapter() instanceof Adapter.Frozen -> TokenBatch.ofFeatures(runner, scope, known, labels());
            case Recipe.Classification _ -> TokenBatch.labelled(runner, scope, rows(), labels());
        };
    }

    private List<Sequence> placed() {
        return rows().stream().map(row -> row.after(places)).toList();
    }

    /// Noise falls on each row anew, even where it begins as another does.
    private Layout layout() {
        return recipe.regime().step().packing() ? Layout.together(placed(), noise == null) : Layout.apart(placed());
    }

    /// Of each row the number that it has in the whole step.
    private int[] numbers() {
        int sides = examples.getFirst().sequences().size();
        return IntStream.range(0, examples.size() * sides)
                .map(row -> (first + row % examples.size()) * sides + row / examples.size())
                .toArray();
    }

    /// What the examples count in a loss that is a mean: their targets, or how many they are.
    static long count(Recipe recipe, List<Example> examples) {
        if (!recipe.objective().perTarget() || recipe instanceof Recipe.Classification) {
            return examples.size();
        }
        return examples.stream()
                .flatMap(example -> example.sequences().stream())
                .mapToLong(Sequence::targets)
                .sum();
    }

    /// The token rows, side after side. Demonstrations or texts; all chosen answers, then all
    /// rejected ones; judged answers, then the same prompts with other answers.
    private List<Sequence> rows() {
        var rows = new ArrayList<Sequence>();
        int perExample = examples.getFirst().sequences().size();
        for (int side = 0; side < perExample; side++) {
            for (var example : examples) {
                rows.add(example.sequences().get(side));
            }
        }
        return rows;
    }

    /// The rows of the head that belong to the examples' labels.
    private long[] labels() {
        var words = ((BertConfig) model.config()).labels();
        return examples.stream()
                .mapToLong(example -> words.indexOf(((Example.Labelled) example).label()))
                .toArray();
    }

    /// What objective and model are given beside the tokens.
    ///
    /// @param running what the objective remembers from step to step
    Map<String, NDArray> given(NDArray running) {
        var given = new LinkedHashMap<String, NDArray>();
        given.put("running", running);
        if (recipe.objective().needsReference()) {
            given.put("reference", vector(reference()));
        }
        if (examples.getFirst() instanceof Example.Judged) {
            given.put("desirable", vector(desirable()));
        }
        if (examples.getFirst() instanceof Example.Ranked) {
            given.put("margin", vector(margins()));
        }
        if (recipe.objective() instanceof OddsRatio) {
            given.put("completion", vector(completion()));
        }
        if (noise != null) {
            given.put("neftune", noise.of(runner, scope, layout(), step, numbers(), places.length));
        }
        return given;
    }

    private NDArray vector(List<Float> values) {
        var all = new float[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.get(i);
        }
        return vector(all);
    }

    private NDArray vector(float[] values) {
        return runner.floats(scope, values, values.length);
    }

    /// What the frozen model gives each target, side by side as the rows are.
    private float[] reference() {
        var values = new float[rows().stream().mapToInt(Sequence::targets).sum()];
        var read = new int[examples.size()];
        int next = 0;
        int perExample = examples.getFirst().sequences().size();
        for (int side = 0; side < perExample; side++) {
            for (int i = 0; i < examples.size(); i++) {
                int count = examples.get(i).sequences().get(side).targets();
                System.arraycopy(known.get(i), read[i], values, next, count);
                read[i] += count;
                next += count;
            }
        }
        return values;
    }

    private List<Float> desirable() {
        return examples.stream()
                .map(example -> ((Example.Judged) example).desirable() ? 1f : 0f)
                .toList();
    }

    private List<Float> margins() {
        return examples.stream()
                .map(example -> (float) ((Example.Ranked) example).margin())
                .toList();
    }

    /// 1 for the targets that belong to an answer, 0 for those of a prompt that is learned with it.
    private List<Float> completion() {
        var flags = new ArrayList<Float>();
        for (var example : examples) {
            var pair = (Example.Preference) example;
            IntStream.range(1, pair.chosen().length()).forEach(i -> flags.add(i < pair.answer() ? 0f : 1f));
        }
        for (var example : examples) {
            flags.addAll(Collections.nCopies(
                    ((Example.Preference) example).rejected().targets(), 1f));
        }
        return flags;
    }
}
