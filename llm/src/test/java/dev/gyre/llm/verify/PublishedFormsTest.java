package dev.gyre.llm.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reference values in forms of others; those of this repository are by torch 2.13 and tokenizers, see `make.py`.
class PublishedFormsTest {

    private static final Path OWN = Path.of("src/test/resources/golden_forms");

    /// Every tensor inside a GPT, and the ids of two vocabularies.
    @Test
    void everyValueOfOurOwnIsComputedAgain() {
        var findings = findings(OWN);

        assertThat(findings).filteredOn(finding -> !finding.ok()).isEmpty();
        assertThat(findings).hasSize(23 + 2 * 23);
    }

    @Test
    void aTensorThatIsWrongIsAFailureAndTheOthersAreNot(@TempDir Path folder) throws IOException {
        var json = new ObjectMapper();
        Files.copy(OWN.resolve("tiny-gpt-model.json"), folder.resolve("tiny-gpt-model.json"));
        var partials = (ObjectNode) json.readTree(OWN.resolve("tiny-gpt-partials.json").toFile());
        partials.set("gelu", partials.path("fc"));
        partials.set("surprise", partials.path("fc"));
        json.writeValue(folder.resolve("tiny-gpt-partials.json").toFile(), partials);

        assertThat(findings(folder).stream().filter(finding -> !finding.ok()).map(Finding::place))
                .containsExactlyInAnyOrder("tiny-gpt-partials.json/gelu", "tiny-gpt-partials.json/surprise");
    }

    @Test
    void anIdThatIsWrongIsAFailure(@TempDir Path folder) throws IOException {
        for (var ending : List.of("", ".inp", ".out")) {
            Files.copy(OWN.resolve("tiny-words.gguf" + ending), folder.resolve("tiny-words.gguf" + ending));
        }
        var answers = new ArrayList<>(Files.readAllLines(folder.resolve("tiny-words.gguf.out")));
        answers.set(0, answers.getFirst() + " 7");
        Files.write(folder.resolve("tiny-words.gguf.out"), answers);

        assertThat(findings(folder).stream().filter(finding -> !finding.ok()).map(Finding::place))
                .containsExactly("tiny-words.gguf/0");
    }

    /// Data of others, which stays outside: runs where GYRE_SHARED names a folder that holds it.
    @ParameterizedTest
    @CsvSource({"data/model-gpt-nano-sort, 20", "data/oracle-tokenizers, 188", "models/stories260k, 1"})
    void everyValueOfOthersIsComputedAgain(String name, int least) {
        var shared = Objects.requireNonNullElse(System.getenv("GYRE_SHARED"), "");
        assumeTrue(!shared.isEmpty(), "GYRE_SHARED names no folder with data of others");
        var folder = Path.of(shared).resolve(name);
        assumeTrue(Files.isDirectory(folder), folder + " is not there");

        var findings = findings(folder);

        assertThat(findings).filteredOn(finding -> !finding.ok()).isEmpty();
        assertThat(findings).hasSizeGreaterThanOrEqualTo(least);
    }

    private static List<Finding> findings(Path folder) {
        var all = new ArrayList<Finding>();
        Verification.verify(folder, all::add);
        return all;
    }
}
