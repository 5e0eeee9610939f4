package dev.gyre.llm.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.llm.checkpoint.LlamaConfig;
import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.recipe.Regime;
import dev.gyre.llm.text.Preflight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {

    private static final String MARKING =
            "{% for m in messages %}{% if m.role == 'assistant' %}#{% generation %}{{ m.content }}{{ eos_token }}{% endgeneration %}{% else %}@{{ m.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}#{% endif %}";

    private static final String SILENT = MARKING.replace("{% generation %}", "").replace("{% endgeneration %}", "");

    private static final String CHAT =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"cat\"},{\"role\":\"assistant\",\"content\":\"cat\"},{\"role\":\"user\",\"content\":\"dog\"},{\"role\":\"assistant\",\"content\":\"the dog\"}]}\n";

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private Path base = shared;

    @BeforeEach
    void makeBase() throws IOException {
        base = Files.createDirectories(folder.resolve("base"));
        var made = shared.resolve("made");
        if (!Files.exists(made)) {
            var documents = Collections.nCopies(8, "the cat sat on the mat and the dog ran to the cat");
            var regime = Regime.pretraining(1e-2, 1, 4);
            var job = new PretrainingJob(documents, LlamaConfig.of(290, 32, 64, 1, 4, 2, 48), regime, 7, made, "cpu");
            assertThat(Pretraining.run(job, _ -> {})).isInstanceOf(TrainingOutcome.Completed.class);
        }
        try (var files = Files.list(made.resolve("huggingface"))) {
            for (var file : files.toList()) {
                Files.copy(file, base.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void onlyWhatTheAssistantSaysIsLearnedByPlaceThoughTheUserSaysTheSame() throws IOException {
        template(MARKING);

        assertThat(shown(CHAT)).containsExactly("@cat#⟦cat</s>⟧@dog#⟦the dog</s>⟧");
    }

    @Test
    void aTemplateThatMarksNothingIsMarkedByWhatEachAnswerAdds() throws IOException {
        template(SILENT);

        assertThat(shown(CHAT)).containsExactly("@cat#⟦cat</s>⟧@dog#⟦the dog</s>⟧");
    }

    @Test
    void aConversationTeachesItsAnswers() throws IOException {
        template(MARKING);
        var recipe = Recipe.of("supervised", "none", Map.of("steps", "30", "warmup", "0", "learningRate", "1e-2"));

        var outcome = Training.run(
                new TrainingJob(base, rows(CHAT.repeat(4)), recipe, 3, folder.resolve("work"), "cpu"), _ -> {});

        assertThat(outcome)
                .isInstanceOfSatisfying(TrainingOutcome.Completed.class, done -> assertThat(
                                done.metrics().get("loss"))
                        .isLessThan(0.3 * done.metrics().getOrDefault("firstLoss", 0.0)));
    }

    @Test
    void promptAndAnswerMayBeListsOfMessages() throws IOException {
        template(SILENT);

        assertThat(shown(
                        "{\"prompt\":[{\"role\":\"user\",\"content\":\"cat\"}],\"completion\":[{\"role\":\"assistant\",\"content\":\"dog\"}]}\n"))
                .containsExactly("@cat#⟦dog</s>⟧");
    }

    @Test
    void aConversationNeedsATemplate() throws IOException {
        assertThat(refusal("supervised", CHAT))
                .containsExactly(
                        "row 1: messages is a conversation, but the base has no chat template; add chat_template.jinja to it, or give texts");
    }

    @Test
    void aConversationInWhichNobodyAnswersIsRefused() throws IOException {
        template(MARKING);

        assertThat(refusal("supervised", CHAT + CHAT.replace("assistant", "user")))
                .singleElement()
                .asString()
                .startsWith("row 2: nothing in it is to be learned");
    }

    @Test
    void aRowWhoseEndTokenIsNeverLearnedIsRefused() throws IOException {
        template(MARKING.replace("{{ eos_token }}{% endgeneration %}", "{% endgeneration %}{{ eos_token }}"));

        assertThat(refusal("supervised", CHAT + CHAT))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("row 1: its end token is never learned")
                .contains("{% generation %}");
    }

    @Test
    void rowsThatSayAlmostNothingAreRefused() throws IOException {
        var silent = "{\"prompt\":\"the cat\",\"completion\":\"\"}\n";
        var telling = "{\"prompt\":\"the cat\",\"completion\":\" sat\"}\n";
        var same = "{\"prompt\":\"the cat\",\"chosen\":\" sat\",\"rejected\":\" sat\"}\n";

        assertThat(refusal("supervised", silent.repeat(2) + telling))
                .singleElement()
                .asString()
                .startsWith("almost nothing to learn: 2 of 3 rows (1, 2) teach no token but the end");
        assertThat(refusal("supervised", silent + telling)).isEmpty();
        assertThat(refusal("dpo", same.repeat(12)))
                .singleElement()
                .asString()
                .startsWith("almost nothing to learn: 12 of 12 rows (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …)");
    }

    @Test
    void rowsBeyondTheContextAreCutOnlyByChoice() throws IOException {
        var rows = rows("{\"prompt\":\"a\",\"completion\":\"%s\"}\n".formatted("zq".repeat(60)));

        var whole = RowMasks.of(base, rows, Recipe.of("supervised", "none", Map.of()), 1);
        var cut = RowMasks.of(base, rows, Recipe.of("supervised", "none", Map.of("tooLong", "cut")), 1);

        assertThat(whole.objections()).singleElement().asString().startsWith("all 1 rows have more than 48 tokens");
        assertThat(cut.objections()).isEmpty();
        assertThat(cut.cut()).isEqualTo(1);
    }

    private void template(String text) throws IOException {
        Files.writeString(base.resolve("chat_template.jinja"), text);
    }

    private List<String> shown(String text) throws IOException {
        var look = RowMasks.of(base, rows(text), Recipe.of("supervised", "none", Map.of()), 10);
        assertThat(look.objections()).isEmpty();
        return look.shown().stream()
                .map(each -> Preflight.plain(each.tokens()))
                .toList();
    }

    private List<String> refusal(String method, String text) throws IOException {
        var recipe = Recipe.of(method, "none", Map.of("steps", "1"));
        var job = new TrainingJob(base, rows(text), recipe, 3, folder.resolve("work"), "cpu");
        return switch (Training.run(job, _ -> {})) {
            case TrainingOutcome.Refused refused -> refused.reasons();
            case TrainingOutcome.Completed _, TrainingOutcome.Cancelled _ -> List.of();
        };
    }

    private Path rows(String text) throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), text);
    }
}
