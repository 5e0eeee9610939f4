package dev.gyre.ingest.upload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gyre.ingest.sample.Reason;
import dev.gyre.ingest.source.Mapping;
import dev.gyre.ingest.upload.Row.Readable;
import dev.gyre.ingest.upload.Row.Unreadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plain text: paragraphs parted by blank lines, each of them a prompt.
final class TextRows implements Rows {

    private final Lines lines;
    private final String column;
    private long number;

    TextRows(Path file, String name, Mapping mapping) throws IOException {
        if (mapping.prompt() == null) {
            throw new WrongFile(
                    name, "is text, and the source takes conversations", "send them as jsonl, json, csv or parquet");
        }
        column = mapping.prompt();
        Columns.require(name + " (text)", List.of(column), mapping);
        lines = new Lines(file);
    }

    @Override
    public @Nullable Row next() throws IOException {
        var line = lines.next();
        while (line != null && line.text().isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        number++;
        var paragraph = new StringBuilder();
        var length = 0L;
        for (; line != null && !line.text().isBlank(); line = lines.next()) {
            length += line.length() + 1;
            if (length <= Lines.LONGEST) {
                paragraph.append(line.text()).append('\n');
            }
        }
        if (length > Lines.LONGEST) {
            return new Unreadable(
                    number,
                    Reason.TOO_LONG,
                    "paragraph %d has %d characters, at most %d; part it by blank lines"
                            .formatted(number, length, Lines.LONGEST));
        }
        return new Readable(number, JsonNodeFactory.instance.objectNode().put(column, paragraph.toString()));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
