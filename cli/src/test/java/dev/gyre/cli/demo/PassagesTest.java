package dev.gyre.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gyre.cli.scenario.Scenario.Cut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassagesTest {

    @TempDir
    Path folder = Path.of("");

    @Test
    void ofAnArrayTheBeginningOfEachTextIsTaken() throws IOException {
        var file = Files.writeString(folder.resolve("stories.json"), """
                ["A fox ran home. It was late. It was dark. The end of it.", "Too short."]
                """);

        var rows = Passages.of(file, new Cut(10, 33));

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.path("prompt").asText()).isEqualTo("A fox ra");
            assertThat(row.path("completion").asText()).isEqualTo("n home. It was late. It was dark.");
            assertThat(row.path("file").asText()).isEqualTo("stories.json");
        });
    }

    @Test
    void otherTextIsTakenPieceByPieceFromTheBeginningsOfParagraphs() throws IOException {
        var file = Files.writeString(folder.resolve("play.txt"), """
                FIRST:
                Speak, speak. I hear you well.

                SECOND:
                What?

                THIRD:
                No more talking on it; let it be done. Away!
                """);

        var rows = Passages.of(file, new Cut(12, 40));

        assertThat(rows)
                .extracting(row -> row.path("prompt").asText(), row -> row.path("completion").asText())
                .containsExactly(
                        tuple("FIRST:\nSpea", "k, speak. I hear you well."),
                        tuple("THIRD:\nNo mo", "re talking on it; let it be done. Away!"));
    }
}
