package dev.gyre.llm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.llm.model.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCasesTest {

    @Test
    void everyLossGradientAndSharedMetricEqualsTrl() {
        var found = findings(Golden.FOLDER).stream()
                .filter(finding -> finding.place().startsWith("trl_index/"))
                .toList();

        assertThat(found).allMatch(Finding::ok);
        assertThat(found.stream().filter(finding -> finding.place().endsWith("/loss")))
                .hasSize(49);
        assertThat(found.stream().filter(finding -> finding.place().endsWith("/grad_norm")))
                .hasSize(49);
        assertThat(found.stream().filter(finding -> finding.place().contains("/metrics/")))
                .hasSizeGreaterThan(250);
    }

    @Test
    void schedulesOptimizersMergesAndAdvantagesEqualTheirReferences() {
        var found = findings(Golden.FOLDER.resolve("numerics"));

        assertThat(found).allMatch(Finding::ok).hasSizeGreaterThan(35);
    }

    @Test
    void whatIsNotKnownFails(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("trl_index.json"), """
                {"cases": {
                  "a": {"model": "m", "config": {"loss_type": ["novel"], "f_divergence_type": "reverse_kl"},
                        "batch": {}, "loss": 1, "grad_norm": 1},
                  "b": {"model": "m", "config": {"loss_type": "nll", "tweak": 3}, "batch": {"labels": []},
                        "loss": 1, "grad_norm": 1}}}
                """);
        Files.writeString(folder.resolve("arch_index.json"), """
                {"schedules_lr1_warm0_total2": {"spiral": {"kwargs": {}, "lr": [1, 0]}},
                 "merge": {"task_tensors": [[1]], "weights": [1], "blend": [1]}}
                """);

        var found = findings(folder);

        assertThat(found).noneMatch(Finding::ok).hasSize(4);
        assertThat(found.stream().map(Finding::got))
                .anyMatch(got -> got.startsWith("pair loss is novel, must be one of sigmoid"))
                .anyMatch(got -> got.equals("settings [tweak] are not known"))
                .anyMatch(got -> got.equals("schedule spiral is not known"))
                .anyMatch(got -> got.equals("merge blend is not known"));
    }

    private static List<Finding> findings(Path folder) {
        var found = new ArrayList<Finding>();
        Verification.verify(folder, found::add);
        return found;
    }
}
