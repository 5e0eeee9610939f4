package dev.gyre.cli.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioFileTest {

    private static final String WHOLE = """
            # a comment may say ${anything}
            name: small
            model: tiny
            base: {folder: '${data}/base'}
            sources:
              pairs: {file: pairs.jsonl, format: jsonl, mapping: {prompt: q}}
            projects:
              pairs:
                source: pairs
                question: {type: PAIRWISE, text: 'Which?'}
                judges: [{account: ann, chooses: a, meaning: {'1': first}}]
            turns:
              - name: prefer
                project: pairs
                training: {method: dpo}
                control: {seed: 3}
            """;

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(folder.resolve("elsewhere/base"));
        Files.writeString(folder.resolve("elsewhere/base/config.json"), "{}");
        Files.writeString(folder.resolve("pairs.jsonl"), "{}");
    }

    @Test
    void fillsWhatIsSetAndFindsFilesBesideIt() throws IOException {
        var read = read(WHOLE, Map.of("data", folder.resolve("elsewhere").toString()));

        assertThat(read.scenario().base().folder())
                .isEqualTo(folder.resolve("elsewhere/base").toString());
        assertThat(read.resolve("pairs.jsonl")).isEqualTo(folder.resolve("pairs.jsonl"));
        assertThat(read.scenario().turns().getFirst().split().heldOutShare()).isEqualTo(0.2);
        assertThat(read.scenario().turns().getFirst().mustBePromoted()).isFalse();
    }

    @Test
    void saysWhichLineHasASlotThatNothingFills() {
        refused(WHOLE, Map.of(), "scenario.yaml, line 4", "${data}", "--set data=VALUE");
    }

    @Test
    void refusesASetThatNothingUses() {
        refused(WHOLE, Map.of("data", "elsewhere", "date", "x"), "no ${date}");
    }

    @Test
    void namesAKeyThatNobodyKnowsAndTheKnownOnes() {
        refused(
                WHOLE.replace("method: dpo", "method: dpo, epochs: 3"),
                set(),
                "line 15",
                "turns.[0].training.epochs",
                "settings");
    }

    @Test
    void namesAFileThatIsNotThere() {
        refused(WHOLE.replace("pairs.jsonl", "pears.jsonl"), set(), "sources.pairs.file", "pears.jsonl", "not there");
    }

    @Test
    void namesABaseThatIsNoModel() {
        refused(WHOLE, Map.of("data", "nowhere"), "base.folder", "nowhere", "config.json");
    }

    @Test
    void namesAProjectThatIsNotThere() {
        refused(WHOLE.replace("project: pairs", "project: pears"), set(), "turns 'prefer'.project", "pears", "[pairs]");
    }

    @Test
    void refusesToFlipWhoeverCannotBeFlipped() {
        var flipped = WHOLE.replace("control: {seed: 3}", "control: {flip: ann}")
                .replace("question:", "answersPerItem: 2\n    question:");

        refused(flipped.replace("flip: ann", "flip: bob"), set(), "turns 'prefer'.control.flip", "bob", "[ann]");
        refused(flipped.replace("PAIRWISE", "DEMONSTRATION"), set(), "has no opposite");
        refused(flipped.replace("answersPerItem: 2", "answersPerItem: 1"), set(), "answersPerItem is 1");
        refused(flipped.replace("flip: ann", ""), set(), "control is empty");
    }

    @Test
    void readsTheScenarioWithAFlippedAnnotator() {
        var file = Path.of(System.getProperty("gyre.root", ".."), "samples/scenarios/poisoned.yaml");

        assertThat(ScenarioFile.read(file, Map.of()).scenario().turns().getFirst().control())
                .isEqualTo(new Scenario.Control(null, "sim-2"));
    }

    @Test
    void refusesAJudgeThatSaysNothingOrTwoThings() {
        refused(WHOLE.replace("chooses: a", "chooses: a, demonstrates: b"), set(), "judge 'ann'", "exactly one");
    }

    @Test
    void saysWhereYamlBreaks() {
        refused(WHOLE.replace("model: tiny", "model: [tiny"), set(), "scenario.yaml, line");
    }

    @Test
    void readsTheShippedScenario() {
        var file = Path.of(System.getProperty("gyre.root", ".."), "samples/scenarios/shipped.yaml");

        assertThat(ScenarioFile.read(file, Map.of()).scenario().turns()).hasSize(2);
    }

    private Map<String, String> set() {
        return Map.of("data", folder.resolve("elsewhere").toString());
    }

    private void refused(String text, Map<String, String> set, String... said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(text, set))
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(said));
    }

    private ScenarioFile read(String text, Map<String, String> set) throws IOException {
        var file = folder.resolve("scenario.yaml");
        Files.writeString(file, text);
        return ScenarioFile.read(file, set);
    }
}
