package dev.gyre.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.trainer.run.Mixture.Drawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureTest {

    @TempDir
    Path folder;

    @Test
    void everyNewRowStaysAndReplayedRowsNameTheirDataSet() throws IOException {
        var mixed = mix(3, 4);

        assertThat(mixed).hasSize(9);
        assertThat(mixed.subList(0, 5)).containsExactlyElementsOf(rows("new", 5));
        assertThat(mixed.subList(5, 9))
                .doesNotHaveDuplicates()
                .allMatch(row -> row.startsWith("{\"prompt\":\"old "))
                .allMatch(row -> row.endsWith("\"replayedFrom\":\"ds-old\"}"));
    }

    @Test
    void theSeedAloneSaysWhichRowsAreDrawn() throws IOException {
        assertThat(mix(3, 4)).isEqualTo(mix(3, 4));
        assertThat(mix(4, 4)).isNotEqualTo(mix(3, 4));
        assertThat(mix(3, 40)).hasSize(45).doesNotHaveDuplicates();
    }

    @Test
    void everyRowIsDrawnAboutEquallyOften() throws IOException {
        var counts = new TreeMap<String, Integer>();
        for (var seed = 0; seed < 400; seed++) {
            var drawn = mix(seed, 10);
            assertThat(new HashSet<>(drawn)).hasSize(15);
            drawn.subList(5, 15).forEach(row -> counts.merge(row, 1, Integer::sum));
        }

        // 400 draws of 10 from 40: 100 each, standard deviation 8.7
        assertThat(counts).hasSize(40);
        assertThat(counts.values()).allMatch(count -> count > 60 && count < 140);
    }

    @Test
    void tooFewRowsAreNamed() {
        assertThatThrownBy(() -> mix(1, 41))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("data set 'ds-old' has 40 rows to learn from, 41 are to be replayed");
        assertThat(folder.resolve("mixed.jsonl")).doesNotExist();
    }

    private List<String> mix(long seed, int drawn) throws IOException {
        var fresh = Files.write(folder.resolve("new.jsonl"), rows("new", 5));
        var old = Files.write(folder.resolve("old.jsonl"), rows("old", 40));
        var mixed = folder.resolve("mixed.jsonl");
        Mixture.write(fresh, List.of(new Drawn("ds-old", old, drawn)), seed, mixed);
        return Files.readAllLines(mixed);
    }

    private static List<String> rows(String word, int count) {
        return IntStream.range(0, count)
                .mapToObj("{\"prompt\":\"%s %%d\",\"completion\":\"x\"}".formatted(word)::formatted)
                .collect(Collectors.toList());
    }
}
