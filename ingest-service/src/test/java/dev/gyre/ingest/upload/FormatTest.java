package dev.gyre.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.ingest.sample.Reason;
import dev.gyre.ingest.source.Mapping;
import dev.gyre.ingest.upload.Row.Readable;
import dev.gyre.ingest.upload.Row.Unreadable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatTest {

    private static final Mapping PAIRS =
            new Mapping(null, "q", null, null, List.of("a", "b"), null, null, List.of(), null, null);
    private static final Mapping PROMPTS = new Mapping(null, "q", null, null, List.of(), null, null, List.of(), null, null);
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0};

    @TempDir
    Path folder;

    @Test
    void formatIsAskedForOrSaidByTheName() {
        assertThat(Format.of("csv", "x.json")).isEqualTo(Format.CSV);
        assertThat(Format.of(null, "x.NDJSON")).isEqualTo(Format.JSONL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Format.of(null, "x.doc"))
                .withMessageContaining("'doc'")
                .withMessageContaining("parquet");
    }

    @Test
    void brokenLineOfJsonlCostsThatLineOnly() throws IOException {
        var rows =
                rows(Format.JSONL, "\uFEFF{\"q\":\"one\"}\r\n\n{\"q\":\"tw\n[1]\n{\"q\":\"five\"} x\n{\"q\":\"six\"}");

        assertThat(rows).extracting(Row::number).containsExactly(1L, 3L, 4L, 5L, 6L);
        assertThat(readable(rows)).extracting(row -> row.get("q").asText()).containsExactly("one", "six");
        assertThat(rows.get(1))
                .isEqualTo(new Unreadable(
                        3, Reason.BROKEN_JSON, "line 3 ends inside the JSON; write each object whole on one line"));
        assertThat(rows.get(3)).isInstanceOf(Unreadable.class);
    }

    @Test
    void lineBeyondTheBoundIsCutNotHeld() throws IOException {
        try (var lines = new Lines(new StringReader("12345\r\n123456789\nend"), 5)) {
            assertThat(lines.next()).isEqualTo(new Lines.Line(1, "12345", 6));
            assertThat(lines.next()).isEqualTo(new Lines.Line(2, "12345", 9));
            assertThat(lines.next()).isEqualTo(new Lines.Line(3, "end", 3));
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void jsonIsAnArrayOrAnObjectWithOne() throws IOException {
        assertThat(readable(rows(Format.JSON, "[{\"q\":\"x\"},{\"q\":\"y\"}]"))).hasSize(2);
        assertThat(readable(rows(Format.JSON, "{\"version\":{\"n\":[1]},\"data\":[{\"q\":\"x\"}],\"end\":1}")))
                .hasSize(1);
        assertThat(rows(Format.JSON, "[]")).isEmpty();
        assertThat(rows(Format.JSON, "[{\"q\":\"x\"}, 7, [1]]"))
                .filteredOn(Unreadable.class::isInstance)
                .hasSize(2);
    }

    @Test
    void jsonThatIsNoneIsNamed() {
        wrong(Format.JSON, "{\"q\":\"x\"}\n{\"q\":\"y\"}", "goes on after its first value", "jsonl");
        wrong(Format.JSON, "{\"a\":[],\"b\":[]}", "several arrays, the second is 'b'");
        wrong(Format.JSON, "[{\"q\":\"x\"},{\"q\":", "breaks at line 1, column 17", "row 2");
        wrong(Format.JSON, "hello", "is not json", "68 65 6C 6C 6F ('hello')");
    }

    @Test
    void csvKeepsCommasQuotesAndLineEndsInsideOfQuotes() throws IOException {
        var rows = rows(Format.CSV, "q,a,b\r\n\"one, \"\"two\"\"\r\nthree\",x,y\r\n\r\nfour,,z\r\n");

        assertThat(readable(rows))
                .extracting(row -> row.get("q").asText())
                .containsExactly("one, \"two\"\r\nthree", "four");
    }

    @Test
    void csvRecordWithAFieldTooManyIsRefusedAlone() throws IOException {
        var rows = rows(Format.CSV, "q,a,b\none,two,x,y\n1,2,3\n");

        assertThat(rows.getFirst()).isInstanceOfSatisfying(Unreadable.class, row -> {
            assertThat(row.reason()).isEqualTo(Reason.BROKEN_CSV);
            assertThat(row.detail()).contains("row 1 has 4 fields, the header has 3");
        });
        assertThat(rows).hasSize(2);
    }

    @Test
    void csvWithoutTheColumnsOrWithAnOpenQuoteIsNamed() {
        wrong(Format.CSV, "q;a;b\n1;2;3\n", "lacks the columns [q, a, b]; it has [q;a;b]");
        wrong(Format.CSV, "q,a,a,b\n1,2,3,4\n", "two columns 'a'");
        wrong(Format.CSV, "q,a,b\n\"one,2,3\n4,5,6\n", "is not csv", "quotes");
    }

    @Test
    void paragraphsArePrompts() throws IOException {
        var file = write("one\nmore\n\n \ntwo\r\n".getBytes(StandardCharsets.UTF_8));

        var rows = all(Format.TEXT, file, PROMPTS);

        assertThat(readable(rows)).extracting(row -> row.get("q").asText()).containsExactly("one\nmore\n", "two\n");
    }

    @Test
    void textFitsOnlyASourceOfPrompts() {
        wrong(Format.TEXT, "some text", "lacks the columns [a, b]");
    }

    @Test
    void brokenUtf8StaysInItsRow() throws IOException {
        var csv = "q,a,b\nfine,x,y\nb\u00E4d,x,y\n".getBytes(StandardCharsets.ISO_8859_1);

        var rows = readable(all(Format.CSV, write(csv), PAIRS));

        assertThat(rows.getFirst().get("q").asText()).isEqualTo("fine");
        assertThat(rows.getLast().get("q").asText()).isEqualTo("b\uFDD0d");
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionCodecName.class,
            names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void parquetGivesTheColumnsOfTheMapping(CompressionCodecName codec) throws IOException {
        var file = folder.resolve("rows.parquet");
        ParquetFiles.write(
                file,
                codec,
                List.of(
                        Map.of("id", 1L, "q", "gr\u00FCn", "a", "x", "b", "y"),
                        Map.of("q", "no b", "a", new byte[] {'b', (byte) 0xE4}, "flag", true)));
        var mapping = new Mapping("id", "q", null, null, List.of("a", "b"), null, null, List.of("flag"), null, null);

        var rows = readable(all(Format.PARQUET, file, mapping));

        assertThat(rows.getFirst().toString())
                .isEqualTo("{\"q\":\"gr\u00FCn\",\"a\":\"x\",\"b\":\"y\",\"flag\":null,\"id\":1}");
        assertThat(rows.getLast().get("b").isNull()).isTrue();
        assertThat(rows.getLast().get("a").asText()).isEqualTo("b\uFDD0");
    }

    @Test
    void parquetGivesTheTurnsOfAConversation() throws IOException {
        var file = folder.resolve("rows.parquet");
        ParquetFiles.writeConversation(file, List.of(Map.of("role", "user", "content", "Hi"), Map.of("role", "assistant")));
        var mapping = new Mapping(null, null, null, null, List.of(), null, null, List.of(), null, "messages");

        assertThat(readable(all(Format.PARQUET, file, mapping)).getFirst().toString())
                .isEqualTo(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":null}]}");
    }

    @Test
    void parquetWithoutTheColumnsOrCutOffIsNamed() throws IOException {
        var file = folder.resolve("rows.parquet");
        ParquetFiles.write(file, CompressionCodecName.SNAPPY, List.of(Map.of("q", "x")));
        var mapping = new Mapping(null, "question", null, null, List.of(), null, null, List.of(), null, null);
        assertThatExceptionOfType(WrongFile.class)
                .isThrownBy(() -> all(Format.PARQUET, file, mapping))
                .withMessageContaining("lacks the columns [question]; it has [id, q, a, b, flag]");

        var bytes = Files.readAllBytes(file);
        var cut = write(java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatExceptionOfType(WrongFile.class)
                .isThrownBy(() -> all(Format.PARQUET, cut, PROMPTS))
                .withMessageContaining("no readable footer");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void pictureIsNoTable(Format format) throws IOException {
        var file = write(PNG);

        assertThatExceptionOfType(WrongFile.class)
                .isThrownBy(() -> format.open(file, "cat.png", PROMPTS))
                .withMessage(
                        "cat.png is not %1$s: it begins with 89 50 4E 47 0D 0A 1A 0A (a PNG image); send the rows as %1$s; nothing of it was kept",
                        format.word());
    }

    @Test
    void utf16AndEmptyFilesAreNamed() throws IOException {
        var utf16 = write("q,a,b\n".getBytes(StandardCharsets.UTF_16));
        assertThatExceptionOfType(WrongFile.class)
                .isThrownBy(() -> Format.CSV.open(utf16, "x.csv", PAIRS))
                .withMessageContaining("save it as UTF-8");
        var empty = write(new byte[0]);
        assertThatExceptionOfType(WrongFile.class)
                .isThrownBy(() -> Format.JSONL.open(empty, "x.jsonl", PAIRS))
                .withMessageContaining("x.jsonl is empty");
    }

    private void wrong(Format format, String text, String... parts) {
        assertThatExceptionOfType(WrongFile.class)
                .isThrownBy(() -> rows(format, text))
                .satisfies(
                        wrong -> assertThat(wrong.getMessage()).contains(parts).startsWith("file "));
    }

    private List<Row> rows(Format format, String text) throws IOException {
        return all(format, write(text.getBytes(StandardCharsets.UTF_8)), PAIRS);
    }

    private static List<Row> all(Format format, Path file, Mapping mapping) throws IOException {
        var all = new ArrayList<Row>();
        try (var rows = format.open(file, "file", mapping)) {
            for (var row = rows.next(); row != null; row = rows.next()) {
                all.add(row);
            }
        }
        return all;
    }

    private static List<JsonNode> readable(List<Row> rows) {
        return rows.stream()
                .filter(Readable.class::isInstance)
                .map(row -> ((Readable) row).columns())
                .toList();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "rows", ".part"), bytes);
    }
}
