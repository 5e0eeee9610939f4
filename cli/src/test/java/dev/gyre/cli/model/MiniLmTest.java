package dev.gyre.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.cli.Gyre;
import dev.gyre.llm.model.Encoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniLmTest {

    @TempDir
    Path folder;

    @Test
    void theImportedEncoderGivesTheVectorsOfTheOriginal() throws IOException {
        MiniLm.write(folder.resolve("minilm"));

        try (var encoder = Encoder.open(folder.resolve("minilm"), "cpu")) {
            var vectors = encoder.embed(
                    List.of("The cat sits on the mat.", "A kitten rests on a rug.", "Quarterly revenue rose by 4 %."));

            // the mean of last_hidden_state by ONNX Runtime 1.30 on the original file
            assertNear(vectors.get(0), 0.787276, -0.193040, -0.145534, 0.243141);
            assertNear(vectors.get(1), 0.456891, 0.089432, 0.116706, 0.405460);
            assertNear(vectors.get(2), 0.534835, 0.007106, -0.047075, -0.175578);
        }
    }

    @Test
    void aFolderThatIsInUseIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "mine");
        var said = new StringWriter();

        int code = Gyre.commandLine()
                .setErr(new PrintWriter(said, true))
                .execute("model", "import", "minilm", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(said.toString()).contains("is not empty; name a new folder");
        assertThat(folder).isDirectoryContaining("glob:**mine.txt");
    }

    private static void assertNear(float[] vector, double... first) {
        assertThat(vector).hasSize(384);
        for (int i = 0; i < first.length; i++) {
            assertThat((double) vector[i]).isCloseTo(first[i], within(1e-4));
        }
    }
}
