package dev.gyre.eval.model;

/// Too many or too large models are in use to open another; later there may be a place.
public final class NoPlace extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoPlace(String reason) {
        super(reason);
    }
}
