package dev.gyre.ingest.upload;

import dev.gyre.ingest.sample.Utf8;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The lines of a UTF-8 file, none of which is held in memory beyond a bound.
final class Lines implements AutoCloseable {

    /// Longest line in UTF-16 units; the rest of a longer one is passed over.
    static final int LONGEST = 20_000_000;

    private final Reader reader;
    private final int longest;
    private long number;

    Lines(Path file) throws IOException {
        this(Utf8.reader(Files.newInputStream(file)), LONGEST);
    }

    Lines(Reader reader, int longest) {
        this.reader = reader;
        this.longest = longest;
    }

    /// @param number counted from 1
    /// @param length of the whole line, of which text is the beginning
    record Line(long number, String text, long length) {

        boolean isCut() {
            return length > text.length();
        }
    }

    /// The next line without its end, or null after the last.
    @Nullable
    Line next() throws IOException {
        var text = new StringBuilder();
        var length = 0L;
        var character = reader.read();
        if (character < 0) {
            return null;
        }
        for (; character >= 0 && character != '\n'; character = reader.read()) {
            if (length++ < longest) {
                text.append((char) character);
            }
        }
        if (length == text.length() && !text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
            text.setLength(text.length() - 1);
            length--;
        }
        return new Line(++number, text.toString(), length);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
