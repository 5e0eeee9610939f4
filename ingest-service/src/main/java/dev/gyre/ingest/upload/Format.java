package dev.gyre.ingest.upload;

import dev.gyre.ingest.source.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a file can be.
enum Format {
    /// A JSON object on every line.
    JSONL("jsonl", "ndjson"),
    /// An array of objects, or an object that holds one such array.
    JSON("json"),
    /// RFC 4180 with a header.
    CSV("csv"),
    /// Paragraphs, parted by blank lines; each is a prompt.
    TEXT("text", "txt", "md"),
    PARQUET("parquet");

    private final List<String> words;

    Format(String... words) {
        this.words = List.of(words);
    }

    String word() {
        return words.getFirst();
    }

    /// The format asked for, or else the one that the end of the file's name says.
    static Format of(@Nullable String asked, String file) {
        var word = (asked == null ? file.substring(file.lastIndexOf('.') + 1) : asked).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.words.contains(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("format of %s is '%s', must be one of %s; add ?format=…"
                        .formatted(
                                file,
                                word,
                                Arrays.stream(values()).map(Format::word).collect(Collectors.joining(", ")))));
    }

    /// Opens the file, whose first bytes must be of this format.
    ///
    /// @param name what the sender calls it
    Rows open(Path file, String name, Mapping mapping) throws IOException {
        FileHead.of(file).check(this, name);
        return switch (this) {
            case JSONL -> new JsonLineRows(file);
            case JSON -> new JsonRows(file, name);
            case CSV -> new CsvRows(file, name, mapping);
            case TEXT -> new TextRows(file, name, mapping);
            case PARQUET -> new ParquetRows(file, name, mapping);
        };
    }
}
