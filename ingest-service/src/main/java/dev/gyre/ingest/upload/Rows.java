package dev.gyre.ingest.upload;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The rows of a file, one at a time.
interface Rows extends AutoCloseable {

    /// The next row, or null after the last.
    ///
    /// @throws WrongFile if the file is not what it was said to be
    @Nullable
    Row next() throws IOException;

    @Override
    void close() throws IOException;
}
