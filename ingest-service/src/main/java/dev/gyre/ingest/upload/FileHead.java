package dev.gyre.ingest.upload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The beginning of a file, by which it gives itself away.
///
/// @param bytes one character per byte
record FileHead(String bytes) {

    private static final int LENGTH = 4096;
    private static final int SHOWN = 8;

    private enum Sort {
        PNG("\u0089PNG", "a PNG image"),
        JPEG("\u00FF\u00D8\u00FF", "a JPEG image"),
        GIF("GIF8", "a GIF image"),
        PDF("%PDF", "a PDF"),
        ZIP("PK\u0003\u0004", "a ZIP archive, perhaps a spreadsheet"),
        GZIP("\u001F\u008B", "gzip"),
        ZSTANDARD("\u0028\u00B5\u002F\u00FD", "Zstandard"),
        BZIP2("BZh", "bzip2"),
        PROGRAM("\u007FELF", "a program"),
        PARQUET("PAR1", "Parquet"),
        UTF_16_LITTLE("\u00FF\u00FE", "UTF-16 text"),
        UTF_16_BIG("\u00FE\u00FF", "UTF-16 text");

        private final String start;
        private final String caption;

        Sort(String start, String caption) {
            this.start = start;
            this.caption = caption;
        }
    }

    static FileHead of(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new FileHead(new String(in.readNBytes(LENGTH), StandardCharsets.ISO_8859_1));
        }
    }

    /// @throws WrongFile if the file cannot be of this format, whatever follows
    void check(Format format, String name) {
        if (bytes.isEmpty()) {
            throw new WrongFile(name, "is empty", "send a file with rows");
        }
        var sort = sort();
        var fits = format == Format.PARQUET ? sort == Sort.PARQUET : sort == null && bytes.indexOf('\0') < 0;
        if (!fits) {
            throw new WrongFile(name, "is not %s: %s".formatted(format.word(), shown()), remedy(format, sort));
        }
    }

    /// Such as `it begins with 89 50 4E 47 0D 0A 1A 0A (a PNG image)`.
    String shown() {
        var first = bytes.substring(0, Math.min(SHOWN, bytes.length()));
        var sort = sort();
        return "it begins with %s (%s)"
                .formatted(
                        HexFormat.ofDelimiter(" ")
                                .withUpperCase()
                                .formatHex(first.getBytes(StandardCharsets.ISO_8859_1)),
                        sort == null ? "'" + first.replaceAll("[^\\x20-\\x7E]", ".") + "'" : sort.caption);
    }

    private @Nullable Sort sort() {
        return Arrays.stream(Sort.values())
                .filter(sort -> bytes.startsWith(sort.start))
                .findFirst()
                .orElse(null);
    }

    private static String remedy(Format format, @Nullable Sort sort) {
        return switch (sort) {
            case GZIP, ZSTANDARD, BZIP2, ZIP -> "unpack it, or export the table as %s".formatted(format.word());
            case UTF_16_LITTLE, UTF_16_BIG -> "save it as UTF-8";
            case PARQUET -> "send it with ?format=parquet";
            case null -> "send %s, or name the true format with ?format=…".formatted(format.word());
            case PNG, JPEG, GIF, PDF, PROGRAM -> "send the rows as %s".formatted(format.word());
        };
    }
}
