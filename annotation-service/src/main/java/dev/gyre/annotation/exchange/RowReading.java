package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// How rows of a format are understood.
interface RowReading {

    /// @throws IllegalArgumentException saying what is missing or does not fit
    Draft read(ObjectNode row);
}
