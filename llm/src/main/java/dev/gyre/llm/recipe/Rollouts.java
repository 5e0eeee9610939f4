package dev.gyre.llm.recipe;

import dev.gyre.llm.objective.JensenShannon;
import dev.gyre.llm.objective.LeaveOneOut;
import dev.gyre.llm.objective.PolicyGradient;
import dev.gyre.llm.objective.PolicyGradient.Aggregation;
import dev.gyre.llm.objective.Proximal;
import dev.gyre.llm.objective.Surrogate;
import java.util.List;

/// Reads the recipes that write while they learn; what is not set is as in TRL.
final class Rollouts {

    private Rollouts() {}

    /// Group relative policy optimisation ([paper](https://arxiv.org/abs/2402.03300), eq. 3).
    static Recipe.Reinforcement grpo(Adapter adapter, Regime regime, Settings reader) {
        int most = most(reader, 256);
        double beta = reader.number("beta", 0, 0, true, 1e9);
        var rollout = new Rollout(
                reader.whole("group", 8, 2),
                most,
                reader.whole("updates", 1, 1),
                beta,
                1,
                1,
                reader.word("scaled", "true", List.of("false", "true")).equals("true"));
        double low = reader.number("clip", 0.2, 0, true, 1);
        var objective = new PolicyGradient(
                new Surrogate.Clip(low, reader.number("clipAbove", low, 0, true, 1e9), 0),
                reader.choice("average", Aggregation.TOKEN, Aggregation.class),
                beta,
                false,
                false,
                1,
                0,
                -1,
                most);
        return new Recipe.Reinforcement(adapter, regime, objective, rollout);
    }

    /// REINFORCE with a leave-one-out baseline ([paper](https://arxiv.org/abs/2402.14740), eq. 8).
    static Recipe.Reinforcement leaveOneOut(Adapter adapter, Regime regime, Settings reader) {
        var rollout = new Rollout(
                reader.whole("group", 2, 2),
                most(reader, 256),
                reader.whole("updates", 1, 1),
                reader.number("beta", 0.05, 0, true, 1e9),
                1,
                1,
                false);
        double low = reader.number("clip", 0.2, 0, true, 1);
        return new Recipe.Reinforcement(
                adapter, regime, new LeaveOneOut(low, reader.number("clipAbove", low, 0, true, 1e9)), rollout);
    }

    /// Proximal policy optimisation with a value head ([paper](https://arxiv.org/abs/1707.06347), eq. 7 and 9).
    static Recipe.Reinforcement ppo(Adapter adapter, Regime regime, Settings reader) {
        var rollout = new Rollout(
                reader.whole("group", 1, 1),
                most(reader, 53),
                reader.whole("updates", 4, 1),
                reader.number("beta", 0.05, 0, true, 1e9),
                reader.number("gamma", 1, 0, true, 1),
                reader.number("lambda", 0.95, 0, true, 1),
                true);
        var objective = new Proximal(
                reader.number("clip", 0.2, 0, true, 1),
                reader.number("valueClip", 0.2, 0, true, 1e9),
                reader.number("valueWeight", 0.1, 0, true, 1e9));
        return new Recipe.Reinforcement(adapter, regime, objective, rollout);
    }

    /// Distillation on the teacher's and the student's own answers ([paper](https://arxiv.org/abs/2306.13649)).
    static Recipe.Distillation distillation(Adapter adapter, Regime regime, Settings reader) {
        return new Recipe.Distillation(
                adapter,
                regime,
                new JensenShannon(
                        reader.number("beta", 0.5, 0, true, 1), reader.number("temperature", 0.9, 0, false, 100)),
                reader.number("lambda", 0.5, 0, true, 1),
                most(reader, 128));
    }

    private static int most(Settings reader, int preset) {
        return reader.whole("maxNewTokens", preset, 1);
    }
}
