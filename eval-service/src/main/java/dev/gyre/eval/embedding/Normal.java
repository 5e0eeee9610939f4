package dev.gyre.eval.embedding;

/// Vectors of length 1.
final class Normal {

    private Normal() {}

    /// Scales in place; what is 0 stays 0.
    static float[] ofLengthOne(float[] vector) {
        var squares = 0.0;
        for (var value : vector) {
            squares += value * value;
        }
        var length = (float) Math.sqrt(squares);
        for (var i = 0; length > 0 && i < vector.length; i++) {
            vector[i] /= length;
        }
        return vector;
    }
}
