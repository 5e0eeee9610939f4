package dev.gyre.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowInspectionTest {

    @TempDir
    Path folder;

    @Test
    void rowsThatSaySomethingPass() throws IOException {
        var inspection = inspect("dpo", """
                {"prompt":"a","chosen":"b","rejected":"c","slice":"x"}
                {"prompt":"a","chosen":"d","rejected":"e"}
                """);

        assertThat(inspection.useful()).isEqualTo(2);
        assertThat(inspection.refusal(2)).isEmpty();
    }

    @Test
    void aBrokenRowIsNamed() throws IOException {
        var inspection = inspect("supervised", """
                {"prompt":"a","completion":"b"}
                {"prompt":"a","completion":7}
                {"prompt":"a"}
                [1]
                {"prompt":
                """);

        assertThat(inspection.refusal(1))
                .hasSize(4)
                .startsWith(
                        "row 2: 'completion' is 7, must be a text",
                        "row 3: 'completion' is missing, must be a text",
                        "row 4: not a JSON object");
        assertThat(inspection.refusal(1).getLast()).startsWith("row 5: not JSON: ");
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        var file = Files.write(
                folder.resolve("rows.jsonl"),
                "{\"prompt\":\"ä\",\"completion\":\"b\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(RowInspection.of(file, "supervised").refusal(1)).containsExactly("row 1: not UTF-8 text");
    }

    @Test
    void almostNothingToLearnIsRefused() throws IOException {
        var inspection = inspect("dpo", """
                {"prompt":"a","chosen":"b","rejected":"b"}
                {"prompt":"a","chosen":"b","rejected":"c"}
                """);

        assertThat(inspection.refusal(2)).singleElement().asString().contains("1 of 2 rows", "at least 2");
    }

    @Test
    void labelsMustBeThereAndSaySomething() throws IOException {
        var inspection = inspect("classification", """
                {"text":"a","label":"spam"}
                {"text":"b","label":" "}
                """);

        assertThat(inspection.refusal(1)).isEmpty();
        assertThat(inspection.refusal(2)).singleElement().asString().contains("1 of 2 rows");
        assertThat(inspect("classification", "{\"text\":\"a\"}\n").refusal(1))
                .containsExactly("row 1: 'label' is missing, must be a text");
    }

    private RowInspection inspect(String method, String rows) throws IOException {
        return RowInspection.of(Files.writeString(folder.resolve("rows.jsonl"), rows), method);
    }
}
