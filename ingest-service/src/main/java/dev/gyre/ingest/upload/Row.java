package dev.gyre.ingest.upload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.ingest.sample.Reason;

/// One row of a file, counted from 1: the line of JSONL, else the record, element or paragraph.
sealed interface Row {

    long number();

    /// @param columns a JSON object, whatever the format
    record Readable(long number, JsonNode columns) implements Row {}

    /// A row that could not be read, though those around it can.
    record Unreadable(long number, Reason reason, String detail) implements Row {}
}
