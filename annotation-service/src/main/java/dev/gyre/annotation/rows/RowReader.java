package dev.gyre.annotation.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads rows, one at a time.
public interface RowReader extends Closeable {

    /// A row of a file.
    sealed interface Row {

        /// Its line in JSONL, else its place among the rows, from 1.
        long number();
    }

    record Readable(long number, ObjectNode content) implements Row {}

    /// A row that is broken, though the next may not be.
    record Unreadable(long number, String reason) implements Row {}

    /// The next row; null after the last.
    ///
    /// @throws BrokenFile if nothing after it can be read
    @Nullable
    Row next() throws IOException;
}
