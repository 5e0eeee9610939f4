package dev.gyre.llm.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.optimization.Moving;
import dev.gyre.llm.optimization.Optimizer;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Weights after each step of an optimizer on given gradients, clipped to global norm 1.
final class OptimizerCases {

    /// How torch computes, not what.
    private static final Set<String> MEANS = Set.of("foreach", "capturable", "differentiable", "fused");

    private OptimizerCases() {}

    static void verify(Path folder, JsonNode index, String key, Findings findings) {
        var part = index.get(key);
        findings.at(key).onlyKnown(part, List.of("w0", "grads", "note", "traj"));
        try (var runner = ProgramRunner.open("auto")) {
            part.path("traj")
                    .properties()
                    .forEach(each -> findings.at(key)
                            .attempt(
                                    each.getKey(),
                                    () -> verify(
                                            runner,
                                            part,
                                            each.getValue(),
                                            findings.at(key).at(each.getKey()))));
        }
    }

    private static void verify(ProgramRunner runner, JsonNode part, JsonNode wanted, Findings findings) {
        findings.onlyKnown(wanted, List.of("settings", "after"));
        var settings = new CaseSettings(wanted.path("settings"));
        settings.ignore(MEANS);
        settings.off("amsgrad", "maximize");
        double rate = settings.number("lr", 0);
        var optimizer = optimizer(settings);
        settings.finish();
        var program = Moving.program(runner, optimizer);
        try (var scope = runner.newScope()) {
            var weights = List.of(tensor(runner, scope, part.path("w0")));
            var moving = Moving.of(runner, scope, optimizer, weights, new double[] {1}, 0);
            for (int step = 0; step < wanted.path("after").size(); step++) {
                runner.tensor(
                        scope,
                        program,
                        "update",
                        moving.weights(),
                        moving.decays(),
                        List.of(tensor(runner, scope, part.path("grads").path(step))),
                        moving.first(),
                        moving.second(),
                        moving.steps(),
                        rate,
                        1.0,
                        optimizer.settings());
                findings.numbers(
                        "after_%d".formatted(step + 1),
                        Tensors.doubles(runner.read(weights.getFirst())),
                        wanted.path("after").path(step),
                        1e-6);
            }
        }
    }

    /// Which optimizer has these settings.
    private static Optimizer optimizer(CaseSettings settings) {
        if (settings.has("momentum")) {
            return new Optimizer.Sgd(
                    settings.number("momentum", 0),
                    settings.number("dampening", 0),
                    settings.flag("nesterov"),
                    settings.number("weight_decay", 0));
        }
        if (settings.has("clip_threshold")) {
            var epsilons = settings.numbers("eps");
            return new Optimizer.Adafactor(
                    epsilons.get(0),
                    epsilons.get(1),
                    settings.number("clip_threshold", 1),
                    settings.number("decay_rate", -0.8),
                    settings.number("beta1", -1),
                    settings.number("weight_decay", 0),
                    settings.flag("scale_parameter"),
                    settings.flag("relative_step"),
                    settings.flag("warmup_init"));
        }
        var betas = settings.numbers("betas");
        if (betas.size() != 2) {
            throw new IllegalArgumentException("an optimizer with these settings is not known");
        }
        double decay = settings.number("weight_decay", 0);
        if (!settings.has("eps")) {
            return new Optimizer.Lion(betas.get(0), betas.get(1), decay);
        }
        double epsilon = settings.number("eps", 1e-8);
        return settings.flag("decoupled_weight_decay")
                ? new Optimizer.AdamW(betas.get(0), betas.get(1), epsilon, decay)
                : new Optimizer.Adam(betas.get(0), betas.get(1), epsilon, decay);
    }

    private static NDArray tensor(ProgramRunner runner, NDManager scope, JsonNode numbers) {
        return Tensors.of(runner, scope, numbers);
    }
}
