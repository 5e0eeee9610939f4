package dev.gyre.annotation.rows;

/// A file is not what it was said to be, or breaks off.
public final class BrokenFile extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    BrokenFile(String what, Exception cause) {
        super(what, cause);
    }
}
