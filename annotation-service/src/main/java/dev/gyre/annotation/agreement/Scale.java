package dev.gyre.annotation.agreement;

/// How far two values are from each other.
public enum Scale {
    /// Same or not the same.
    NOMINAL,
    /// Their order counts, not the steps between them.
    ORDINAL,
    /// They are numbers, and their differences count.
    INTERVAL
}
