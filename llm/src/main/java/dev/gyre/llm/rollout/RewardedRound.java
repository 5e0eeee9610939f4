package dev.gyre.llm.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gyre.llm.model.PromptCompletion;
import dev.gyre.llm.model.TokenBatch;
import dev.gyre.llm.objective.Advantages;
import dev.gyre.llm.objective.BinaryClassifier;
import dev.gyre.llm.objective.BradleyTerry;
import dev.gyre.llm.objective.Contrastive;
import dev.gyre.llm.objective.JensenShannon;
import dev.gyre.llm.objective.KahnemanTversky;
import dev.gyre.llm.objective.LeaveOneOut;
import dev.gyre.llm.objective.OddsRatio;
import dev.gyre.llm.objective.PolicyGradient;
import dev.gyre.llm.objective.Preference;
import dev.gyre.llm.objective.Proximal;
import dev.gyre.llm.objective.Supervised;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.recipe.Rollout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A round of reinforcement: answers are drawn, rewarded, and learned from several times.
final class RewardedRound implements Rounds.Round {

    /// Keeps the deviation of a group away from 0, as TRL has it.
    private static final double SMALL = 1e-4;

    private final Rounds.Room room;
    private final Recipe.Reinforcement recipe;
    private final Rollout rollout;
    private final Reference reference;
    private final Reward reward;
    private final long seed;
    private final Writer writer;
    private final Advantages advantages;

    RewardedRound(Rounds.Room room, Recipe.Reinforcement recipe, Reference reference, Reward reward, long seed) {
        this.room = room;
        this.recipe = recipe;
        this.rollout = recipe.rollout();
        this.reference = reference;
        this.reward = reward;
        this.seed = seed;
        this.writer =
                new Writer(room.runner(), room.model(), room.learner(), room.tokenizer(), rollout.maxNewTokens());
        this.advantages = new Advantages(room.runner());
    }

    /// What is known of the answers before anything is learned from them.
    ///
    /// @param old log-likelihood of each target under the model that drew it
    /// @param values of each target, empty without a value head
    /// @param away how much likelier each target is to it than to the frozen model, in nats; 0 without one
    /// @param rewards of each answer
    private record Known(Answers answers, float[] old, float[] values, float[] away, List<Double> rewards) {}

    @Override
    public Rounds.Found learn(int number, List<Prompts.Prompt> prompts, double rate) {
        var asked = prompts.stream()
                .flatMap(prompt -> Collections.nCopies(rollout.group(), prompt).stream())
                .toList();
        var places = room.learner().places();
        var answers = Answers.drawn(writer, places, asked, 1, Answers.seed(seed, number));
        try (var scope = room.runner().newScope()) {
            var batch = answers.batch(room.runner(), scope, places);
            var known = known(scope, answers, asked, batch);
            var given = given(scope, known);
            var numbers = new float[0];
            for (int update = 0; update < rollout.updates(); update++) {
                numbers = room.learner().step(scope, batch, given, rate);
            }
            return new Rounds.Found(answers.tokens(), metrics(known, numbers, rate));
        }
    }

    private Known known(NDManager scope, Answers answers, List<Prompts.Prompt> asked, TokenBatch batch) {
        var runner = room.runner();
        int targets = answers.targets();
        var seen = runner.read(room.learner().see(scope, batch));
        var old = Arrays.copyOf(seen, targets);
        var away = new float[targets];
        if (reference.isThere()) {
            var frozen = runner.read(reference.see(scope, answers.batch(runner, scope, new long[0])));
            for (int i = 0; i < targets; i++) {
                away[i] = old[i] - frozen[i];
            }
        }
        return new Known(answers, old, Arrays.copyOfRange(seen, targets, seen.length), away, rewards(answers, asked));
    }

    private List<Double> rewards(Answers answers, List<Prompts.Prompt> asked) {
        var texts = IntStream.range(0, asked.size())
                .mapToObj(row -> new PromptCompletion(asked.get(row).text(), answers.text(row, room.tokenizer())))
                .toList();
        var found = reward.all(texts);
        for (int row = 0; row < found.size(); row++) {
            if (!Double.isFinite(found.get(row))) {
                throw new IllegalStateException("the reward of the answer '%s' to '%s' is %s, must be a finite number"
                        .formatted(texts.get(row).completion(), texts.get(row).prompt(), found.get(row)));
            }
        }
        return found;
    }

    private Map<String, NDArray> given(NDManager scope, Known known) {
        var given = new LinkedHashMap<String, NDArray>();
        given.put("old", vector(scope, known.old()));
        switch (recipe.objective()) {
            case PolicyGradient objective -> {
                given.put("advantages", vector(scope, inGroups(known.rewards())));
                if (objective.needsReference()) {
                    var frozen = new float[known.old().length];
                    for (int i = 0; i < frozen.length; i++) {
                        frozen[i] = known.old()[i] - known.away()[i];
                    }
                    given.put("reference", vector(scope, frozen));
                }
            }
            case LeaveOneOut _ -> given.put("advantages", vector(scope, leftOneOut(known)));
            case Proximal _ -> given.putAll(perToken(scope, known));
            case Supervised _,
                    Preference _,
                    Contrastive _,
                    OddsRatio _,
                    KahnemanTversky _,
                    BinaryClassifier _,
                    BradleyTerry _,
                    JensenShannon _ ->
                throw new IllegalStateException("no objective of reinforcement: " + recipe.objective());
        }
        return given;
    }

    private NDArray vector(NDManager scope, float[] values) {
        return room.runner().floats(scope, values, values.length);
    }

    /// By how much each answer did better than its group ([paper](https://arxiv.org/abs/2402.03300), section 4.1.2).
    private float[] inGroups(List<Double> rewards) {
        var found = new float[rewards.size()];
        int size = rollout.group();
        for (int from = 0; from < found.length; from += size) {
            var group = rewards.subList(from, from + size);
            double mean = mean(group);
            double deviation = rollout.scaled() ? deviation(group) + SMALL : 1;
            for (int i = 0; i < size; i++) {
                found[from + i] = (float) ((group.get(i) - mean) / deviation);
            }
        }
        return found;
    }

    /// By how much each answer did better than the others of its group, the divergence taken off its reward
    /// ([paper](https://arxiv.org/abs/2402.14740), eq. 3 and 8).
    private float[] leftOneOut(Known known) {
        var rewards = new ArrayList<Double>();
        int next = 0;
        for (int row = 0; row < known.rewards().size(); row++) {
            double away = 0;
            for (int i = 0; i < known.answers().rows().get(row).targets(); i++) {
                away += known.away()[next++];
            }
            rewards.add(known.rewards().get(row) - rollout.beta() * away);
        }
        var found = new float[rewards.size()];
        int size = rollout.group();
        for (int row = 0; row < found.length; row++) {
            var group = rewards.subList(row / size * size, row / size * size + size);
            double others = (mean(group) * size - rewards.get(row)) / (size - 1);
            found[row] = (float) (rewards.get(row) - others);
        }
        return found;
    }

    /// Advantages, values and returns of every token: each pays for its divergence, the last one gets the reward
    /// ([paper](https://arxiv.org/abs/1909.08593), eq. 2; [paper](https://arxiv.org/abs/1506.02438), eq. 16).
    private Map<String, NDArray> perToken(NDManager scope, Known known) {
        var rows = known.answers().rows();
        int time = rows.stream().mapToInt(row -> row.targets()).max().orElseThrow();
        var rewards = new float[rows.size() * time];
        var values = new float[rewards.length];
        var mask = new float[rewards.length];
        int next = 0;
        for (int row = 0; row < rows.size(); row++) {
            int count = rows.get(row).targets();
            for (int i = 0; i < count; i++) {
                rewards[row * time + i] = (float) (-rollout.beta() * known.away()[next]);
                values[row * time + i] = known.values()[next++];
                mask[row * time + i] = 1;
            }
            rewards[row * time + count - 1] += known.rewards().get(row).floatValue();
        }
        var runner = room.runner();
        var flags = runner.floats(scope, mask, rows.size(), time);
        var found = advantages.estimate(
                scope,
                runner.floats(scope, rewards, rows.size(), time),
                runner.floats(scope, values, rows.size(), time),
                rollout.gamma(),
                rollout.decay());
        var whitened = known.old().length > 1 ? advantages.whitened(scope, found.advantages(), flags) : found.advantages();
        return Map.of(
                "advantages",
                vector(scope, chosen(runner.read(whitened), mask)),
                "returns",
                vector(scope, chosen(runner.read(found.returns()), mask)),
                "values",
                vector(scope, known.values()));
    }

    private static float[] chosen(float[] values, float[] mask) {
        var found = new float[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (mask[i] == 1) {
                found[count++] = values[i];
            }
        }
        return Arrays.copyOf(found, count);
    }

    private Map<String, Double> metrics(Known known, float[] numbers, double rate) {
        var told = new LinkedHashMap<String, Double>();
        told.put("loss", (double) numbers[0]);
        told.put("gradientNorm", (double) numbers[1]);
        told.put("learningRate", rate);
        told.put("reward", mean(known.rewards()));
        told.put("rewardDeviation", known.rewards().size() > 1 ? deviation(known.rewards()) : 0);
        told.put("answerTokens", known.old().length / (double) known.rewards().size());
        if (reference.isThere()) {
            double away = 0;
            for (var each : known.away()) {
                away += each;
            }
            told.put("divergence", away / known.old().length);
        }
        var names = recipe.objective().metrics();
        for (int i = 0; i < names.size(); i++) {
            told.putIfAbsent(names.get(i), (double) numbers[i + 2]);
        }
        return told;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(each -> each).average().orElseThrow();
    }

    /// The deviation without bias, of two values or more.
    private static double deviation(List<Double> values) {
        double mean = mean(values);
        double squares =
                values.stream().mapToDouble(each -> (each - mean) * (each - mean)).sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
