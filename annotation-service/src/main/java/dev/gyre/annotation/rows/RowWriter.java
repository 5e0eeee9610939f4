package dev.gyre.annotation.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;

/// Writes rows; keeps none of them beyond a bound.
public interface RowWriter extends Closeable {

    void write(ObjectNode row) throws IOException;
}
