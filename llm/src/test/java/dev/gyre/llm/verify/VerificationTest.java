package dev.gyre.llm.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @Test
    void everyReferenceValueIsComputedAgain() {
        var findings = findings(GOLDEN);

        assertThat(findings).hasSizeGreaterThan(1000);
        assertThat(findings).allMatch(Finding::ok);
    }

    /// GPT-2 with every activation and scaling, and PEFT's adapters on it, by transformers 5.18 and peft 0.21.
    @Test
    void everyValueOfModelsThatKeepMatricesTurnedIsComputedAgain() {
        var findings = findings(Path.of("src/test/resources/golden_gpt2"));

        assertThat(findings).hasSizeGreaterThan(300);
        assertThat(findings).allMatch(Finding::ok);
    }

    @Test
    void wrongUnknownAndBrokenValuesAreFailures(@TempDir Path folder) throws IOException {
        var json = new ObjectMapper();
        var index = (ObjectNode) json.readTree(GOLDEN.resolve("arch_index.json").toFile());
        index.remove("arch");
        var rope = (ObjectNode) index.path("rope");
        ((ObjectNode) rope.path("linear_f4")).put("attention_factor", 1.5);
        ((ObjectNode) rope.path("yarn_f4")).put("surprise", 1);
        ((ObjectNode) rope.path("llama3_f8").path("params")).put("rope_type", "helix");
        index.put("novelty", 1);
        json.writeValue(folder.resolve("arch_index.json").toFile(), index);

        assertThat(findings(folder).stream()
                        .filter(finding -> !finding.ok())
                        .map(Finding::place))
                .containsExactlyInAnyOrder(
                        "arch_index/rope/linear_f4/attention_factor",
                        "arch_index/rope/yarn_f4/surprise",
                        "arch_index/rope/llama3_f8/params",
                        "arch_index/novelty");
    }

    @Test
    void folderWithoutReferenceValuesIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("other.json"), "{}");

        assertThatThrownBy(() -> findings(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no reference values; it must hold one or more of [arch_index.json");
    }

    private static List<Finding> findings(Path folder) {
        var all = new ArrayList<Finding>();
        Verification.verify(folder, all::add);
        return all;
    }
}
