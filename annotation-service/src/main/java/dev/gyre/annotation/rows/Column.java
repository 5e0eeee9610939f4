package dev.gyre.annotation.rows;

/// A column of a file of rows.
public record Column(String name, Kind kind) {

    /// What stands in it.
    public enum Kind {
        TEXT,
        INTEGER,
        NUMBER,
        TRUTH,
        TEXTS,
        /// Turns of a conversation: `[{role, content}]`.
        MESSAGES
    }

    public static Column text(String name) {
        return new Column(name, Kind.TEXT);
    }

    public static Column texts(String name) {
        return new Column(name, Kind.TEXTS);
    }

    public static Column integer(String name) {
        return new Column(name, Kind.INTEGER);
    }

    public static Column messages(String name) {
        return new Column(name, Kind.MESSAGES);
    }
}
