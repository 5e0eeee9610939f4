package dev.gyre.annotation.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How rows stand in a file.
public enum FileKind {
    /// A JSON object on every line.
    JSONL("jsonl", "application/jsonl"),
    /// An array of objects.
    JSON("json", "application/json"),
    /// RFC 4180 with a header; lists and objects stand as JSON in their field.
    CSV("csv", "text/csv"),
    PARQUET("parquet", "application/vnd.apache.parquet");

    private final String word;
    private final String mediaType;

    FileKind(String word, String mediaType) {
        this.word = word;
        this.mediaType = mediaType;
    }

    /// Its name in requests, and the end of the names of its files.
    public String word() {
        return word;
    }

    public String mediaType() {
        return mediaType;
    }

    /// @param otherwise what counts where nothing is asked for
    public static FileKind of(@Nullable String word, FileKind otherwise) {
        return word == null
                ? otherwise
                : Arrays.stream(values())
                        .filter(kind -> kind.word.equals(word))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("file is '%s', must be one of %s"
                                .formatted(
                                        word,
                                        Arrays.stream(values())
                                                .map(FileKind::word)
                                                .toList())));
    }

    /// Writes rows to a stream, which it closes at its own end.
    ///
    /// @param columns of CSV and Parquet, and the order of them
    public RowWriter write(OutputStream out, List<Column> columns) throws IOException {
        return switch (this) {
            case JSONL -> new JsonRowWriter(out, "", "\n", "");
            case JSON -> new JsonRowWriter(out, "[\n", ",\n", "\n]\n");
            case CSV -> new CsvRowWriter(out, columns);
            case PARQUET -> new ParquetRowWriter(out, columns);
        };
    }

    /// Reads the rows of a file.
    ///
    /// @throws BrokenFile if it is no such file
    public RowReader read(Path file) throws IOException {
        return switch (this) {
            case JSONL -> new JsonLinesReader(file);
            case JSON -> new JsonArrayReader(file);
            case CSV -> new CsvRowReader(file);
            case PARQUET -> new ParquetRowReader(file);
        };
    }
}
