package dev.gyre.eval.drift;

/// Distances of embeddings.
final class Vectors {

    private Vectors() {}

    static double squaredDistance(float[] one, float[] other) {
        var sum = 0.0;
        for (var i = 0; i < one.length; i++) {
            var difference = one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }
}
