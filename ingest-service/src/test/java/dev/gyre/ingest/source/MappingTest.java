package dev.gyre.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MappingTest {

    private static final String ALPACA = "### Instruction:\n{prompt}\n{context}\n### Response:\n";

    @Test
    void contextFollowsThePromptOnItsOwnLine() {
        assertThat(withContext(null).fill("Shorten", "a text")).isEqualTo("Shorten\na text");
        assertThat(withContext(null).fill("Shorten", "")).isEqualTo("Shorten");
    }

    @Test
    void lineOfAnEmptyContextIsLeftOutOfTheTemplate() {
        var mapping = withContext(ALPACA);

        assertThat(mapping.fill("Shorten", "a text")).isEqualTo("### Instruction:\nShorten\na text\n### Response:\n");
        assertThat(mapping.fill("Shorten", "")).isEqualTo("### Instruction:\nShorten\n### Response:\n");
    }

    @Test
    void placeholdersInsideOfTextsAreText() {
        assertThat(withContext(null).fill("say {context}", "not {prompt}")).isEqualTo("say {context}\nnot {prompt}");
    }

    @Test
    void columnsAreNamedOnce() {
        var mapping = new Mapping("id", "q", null, null, List.of("a", "b"), "topic", "id", List.of("topic"), null, null);

        assertThat(mapping.columns()).containsExactlyInAnyOrder("q", "a", "b", "topic", "id");
    }

    @Test
    void nonsenseIsRefusedWithTheRemedy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mapping(null, " ", null, null, List.of(), null, null, List.of(), null, null))
                .withMessageContaining("mapping.prompt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mapping(null, "q", null, null, List.of("a"), null, null, List.of(), null, null))
                .withMessageContaining("at least two");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withContext("{prompt} only"))
                .withMessageContaining("{context}");
    }

    private static Mapping withContext(@Nullable String template) {
        return new Mapping(null, "q", "more", null, List.of(), null, null, List.of(), template, null);
    }
}
