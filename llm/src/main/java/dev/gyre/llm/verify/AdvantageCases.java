package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.objective.Advantages;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Path;
import java.util.List;

/// Advantages and returns of given rewards and values.
final class AdvantageCases {

    private AdvantageCases() {}

    static void verify(Path folder, JsonNode index, String key, Findings all) {
        var part = index.get(key);
        var findings = all.at(key);
        findings.onlyKnown(
                part,
                List.of(
                        "rewards",
                        "values",
                        "lam",
                        "gamma",
                        "mask",
                        "advantages",
                        "returns",
                        "whitened_masked",
                        "note"));
        try (var runner = ProgramRunner.open("auto");
                var scope = runner.newScope()) {
            var advantages = new Advantages(runner);
            var found = advantages.estimate(
                    scope,
                    Tensors.of(runner, scope, part.path("rewards")),
                    Tensors.of(runner, scope, part.path("values")),
                    part.path("gamma").asDouble(1),
                    part.path("lam").asDouble(1));
            findings.numbers(
                    "advantages", Tensors.doubles(runner.read(found.advantages())), part.path("advantages"), 1e-6);
            findings.numbers("returns", Tensors.doubles(runner.read(found.returns())), part.path("returns"), 1e-6);
            if (part.has("whitened_masked")) {
                var mask = Tensors.of(runner, scope, part.path("mask"));
                findings.numbers(
                        "whitened_masked",
                        Tensors.doubles(runner.read(advantages.whitened(scope, found.advantages(), mask))),
                        part.path("whitened_masked"),
                        1e-6);
            }
        }
    }
}
