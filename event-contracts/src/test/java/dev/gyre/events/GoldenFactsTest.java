package dev.gyre.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.events.DatasetEvent.DatasetFrozen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract, frozen: what was written yesterday is read today and written the same.
class GoldenFactsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private final ObjectMapper json = new ObjectMapper();

    static Stream<Class<?>> facts() {
        return Facts.all();
    }

    @ParameterizedTest
    @MethodSource("facts")
    void factStillReadsAndWritesItsGoldenJson(Class<?> type) throws IOException {
        var golden = json.readTree(Files.readString(GOLDEN.resolve(type.getSimpleName() + ".json")));

        Object fact = json.treeToValue(golden, topicOf(type));

        assertThat(fact).isInstanceOf(type);
        assertThat(json.readTree(json.writeValueAsString(fact))).isEqualTo(golden);
    }

    @Test
    void dataSetOfBeforeThereWereDoubtsHasNone() throws IOException {
        var golden = (ObjectNode) json.readTree(Files.readString(GOLDEN.resolve("DatasetFrozen.json")));
        golden.remove("doubts");

        var frozen = (DatasetFrozen) json.treeToValue(golden, DatasetEvent.class);

        assertThat(frozen.doubts()).isEmpty();
    }

    @Test
    void everyGoldenFileIsAFact() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            Facts.all().map(Class::getSimpleName).toList());
        }
    }

    private static Class<?> topicOf(Class<?> fact) {
        return fact.getInterfaces()[0];
    }
}
