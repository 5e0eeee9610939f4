package dev.gyre.eval.scorecard;

/// A model opened, but what it computes is of no use.
final class UselessModel extends RuntimeException {

    private static final long serialVersionUID = 1;

    UselessModel(String reason) {
        super(reason);
    }
}
