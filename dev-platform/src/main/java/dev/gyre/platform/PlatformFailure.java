package dev.gyre.platform;

/// The platform did not start or stop; the message says which process, what it last said, and what to do.
public final class PlatformFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public PlatformFailure(String message) {
        super(message);
    }
}
