package dev.gyre.cli.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gyre.cli.Gyre;
import dev.gyre.llm.text.BytePairTrainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The benches run and say what they found; how fast a machine is, no test says.
class SpeedBenchTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"lora:4,bf16", "none,fp32"})
    void stepsOfATrainingAreTimed(String adapter, String dtype) throws IOException {
        assertFound("train", "--adapter", adapter, "--dtype", dtype, "--batch", "2", "--seq", "16", "--steps", "3");
    }

    /// That another libtorch runs it, SecondRunnerTest shows.
    @Test
    void theStepThatIsTimedGoesOutAsAnArchive() throws IOException {
        var archive = folder.resolve("step.pt");

        assertFound("train", "--batch", "2", "--seq", "16", "--steps", "2", "--export", archive.toString());

        try (var zip = new ZipFile(archive.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .contains("m/data.pkl", "m/data/0", "m/code/__torch__.py", "m/code/__torch__/descent.py");
        }
    }

    @Test
    void writingIsTimed() throws IOException {
        assertFound("generate", "--dtype", "bf16", "--batch", "2", "--prompt", "8", "--new", "8", "--times", "2");
    }

    @Test
    void pairsOnWhichAnnotatorsAgreeAreLearnedFrom() throws IOException {
        BytePairTrainer.train(List.of(), BytePairTrainer.LEAST, folder, 512);
        var rows = new ArrayList<Map<String, Object>>();
        for (int row = 0; row < 6; row++) {
            rows.add(Map.of(
                    "instruction", "Say " + row, "input", "", "response1", "No.", "response2", "Yes, " + row,
                    "annotator1", 2, "annotator2", row == 0 ? 1 : 2, "annotator3", row == 0 ? 0 : 2));
        }
        new ObjectMapper().writeValue(folder.resolve("testset-v1.json").toFile(), rows);

        assertFound(
                "preference", "--data", folder.toString(), "--tokenizer", folder.toString(), "--pairs", "4", "--batch",
                "2", "--adapter", "lora:2");
    }

    @Test
    void whatCannotBeMeasuredIsSaid() {
        assertThat(bench(1, "train", "--shape", "huge")).contains("--shape is huge, must be one of tiny, ");
        assertThat(bench(1, "train", "--shape", "tiny", "--adapter", "lora"))
                .contains("--adapter is lora, must be none or lora:RANK");
        assertThat(bench(1, "train", "--shape", "tiny", "--export", "no/such/step.pt"))
                .contains("--export is no/such/step.pt, whose folder must be there");
        assertThat(bench(1, "generate", "--shape", "tiny", "--prompt", "512")).contains("together at most 512");
    }

    private void assertFound(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--shape", "tiny", "--json"));
        var found = new ObjectMapper().readTree(bench(0, all.toArray(String[]::new)));
        assertThat(found.path("tokensPerSecond").asDouble()).isPositive();
        assertThat(found.path("best").asDouble()).isGreaterThanOrEqualTo(found.path("tokensPerSecond").asDouble());
        assertThat(Files.exists(Path.of("/proc/self/status")))
                .isEqualTo(found.path("peakRssMiB").asLong() > 0);
    }

    private static String bench(int exit, String... arguments) {
        var said = new StringWriter();
        var all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        var command = Gyre.commandLine().setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
        assertThat(command.execute(all.toArray(String[]::new))).as(said.toString()).isEqualTo(exit);
        return said.toString();
    }
}
