package dev.gyre.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PreflightCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void whatIsLearnedIsShownInColourAndWithout() throws IOException {
        assertThat(look("{\"prompt\":\"c\",\"completion\":\"bcd\"}\n", "--color")).isZero();
        assertThat(out.toString())
                .startsWith("row 1 completion: 4 of 5 tokens are learned")
                .contains("\u001b[2mc\u001b[0m\u001b[32mbcd\u001b[0m\u001b[32m[0]\u001b[0m")
                .contains("rows: 1 to learn from, 0 of them cut, 0 left out");

        assertThat(look("{\"prompt\":\"c\",\"completion\":\"bcd\"}\n", "--no-color"))
                .isZero();
        assertThat(out.toString()).contains("c⟦bcd⟧⟦[0]⟧").doesNotContain("\u001b");
    }

    @Test
    void aRefusalIsToldWithItsRow() throws IOException {
        assertThat(look("{\"prompt\":\"c\",\"completion\":\"b\"}\n{\"prompt\":\"a\"}\n"))
                .isOne();

        assertThat(out.toString())
                .contains("row 1 completion: 2 of 3 tokens are learned")
                .contains("refused: row 2: completion is missing, must be a text");
    }

    private int look(String rows, String... more) throws IOException {
        var base = folder.resolve("base");
        TinyFolders.llama(base);
        var file = Files.writeString(folder.resolve("rows.jsonl"), rows);
        out.getBuffer().setLength(0);
        var command = new CommandLine(new PreflightCommand()).setOut(new PrintWriter(out, true));
        var words = new java.util.ArrayList<>(
                java.util.List.of("--base", base.toString(), "--rows", file.toString()));
        words.addAll(java.util.List.of(more));
        return command.execute(words.toArray(String[]::new));
    }
}
