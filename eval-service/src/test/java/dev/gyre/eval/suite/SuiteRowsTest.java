package dev.gyre.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.events.ArtifactRef;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.events.DatasetEvent.Part;
import dev.gyre.events.DatasetEvent.Purpose;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuiteRowsTest {

    @Test
    void preferencesAreRead() throws IOException {
        var rows = read(Kind.PREFERENCE, 1, 10, """
                {"prompt":"p","chosen":"c","rejected":"r","slice":"news","task":"t1","strength":2,"judgements":["j"]}
                """);

        assertThat(rows).containsExactly(new SuiteRow.Preference(1, "t1", "news", "p", "c", "r"));
    }

    @Test
    void labelsAreRead() throws IOException {
        var rows = read(Kind.LABEL, 1, 10, "{\"text\":\"free money\",\"label\":\"spam\",\"task\":\"t1\"}\n");

        assertThat(rows).containsExactly(new SuiteRow.Labelled(1, "t1", "none", "free money", "spam"));
        assertThatThrownBy(() -> read(Kind.LABEL, 1, 10, "{\"text\":\"free money\"}\n"))
                .hasMessage("line 1 of suite 'jokes' has no text 'label'");
    }

    @Test
    void largeSuiteIsReadEvenlyAndTheSameEachTime() throws IOException {
        var lines = IntStream.range(0, 10)
                .mapToObj("{\"prompt\":\"p%d\",\"completion\":\"c\"}\n"::formatted)
                .collect(Collectors.joining());

        assertThat(read(Kind.SUPERVISED, 10, 3, lines))
                .extracting(SuiteRow::line)
                .containsExactly(1, 5, 8);
        assertThat(read(Kind.SUPERVISED, 10, 10, lines)).hasSize(10);
    }

    @Test
    void brokenRowsAreNamed() {
        assertThatThrownBy(
                        () -> read(Kind.PREFERENCE, 1, 10, "{\"prompt\":\"p\",\"chosen\":true,\"rejected\":\"r\"}\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 1 of suite 'jokes' has no text 'chosen'");
        assertThatThrownBy(() -> read(Kind.PREFERENCE, 1, 10, "{\"prompt\n"))
                .hasMessage("line 1 of suite 'jokes' is not JSON");
        assertThatThrownBy(() -> read(Kind.SUPERVISED, 2, 10, "{\"prompt\":\"p\",\"completion\":\"c\"}\n"))
                .hasMessage("suite 'jokes' has 1 rows, it was frozen with 2");
    }

    private static List<SuiteRow> read(Kind kind, int held, int atMost, String jsonl) throws IOException {
        var rows = new ArrayList<SuiteRow>();
        new SuiteRows(atMost, 4)
                .read(
                        suite(kind, held),
                        new ByteArrayInputStream(jsonl.getBytes(StandardCharsets.UTF_8)),
                        rows::addAll);
        return rows;
    }

    private static DatasetFrozen suite(Kind kind, int held) {
        var ref = new ArtifactRef(URI.create("s3://gyre/demo/aa/aa"), "aa", 1);
        return new DatasetFrozen(
                "demo",
                "d",
                "p",
                "jokes",
                kind,
                Purpose.TRAINING,
                new Part(ref, 1),
                new Part(ref, held),
                "00",
                ref,
                1,
                null,
                null,
                List.of());
    }
}
