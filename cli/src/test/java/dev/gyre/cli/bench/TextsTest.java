package dev.gyre.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.cli.bench.Ledger.Text;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class TextsTest {

    private static final Texts TEXTS =
            Texts.read(Path.of(System.getProperty("gyre.root", "..")).resolve("samples"));

    @Test
    void everyRowIsBeyondDoubt() {
        assertThat(TEXTS.demonstrations()).hasSizeGreaterThan(100).doesNotHaveDuplicates();
        assertThat(TEXTS.demonstrations().stream().map(Text::prompt)).doesNotHaveDuplicates();
        assertThat(TEXTS.pairs())
                .hasSizeGreaterThan(100)
                .allSatisfy(pair -> assertThat(new HashSet<>(pair.answers())).hasSize(2));
    }

    @Test
    void sliceBeginsAgainWhereTheRowsEnd() {
        var all = TEXTS.pairs().size();

        var slice = Texts.slice(TEXTS.pairs(), "x-", all - 1, 2);

        assertThat(slice)
                .extracting(Text::id)
                .containsExactly(
                        "x-" + TEXTS.pairs().getLast().id(),
                        "x-" + TEXTS.pairs().getFirst().id());
    }
}
