package dev.gyre.cli.active;

import java.util.List;

/// Softmax regression on the vectors of texts: what a classifier with frozen features is.
///
/// The loss is the mean cross-entropy plus ‖W‖² / (2 · C · rows) with C = 1, biases left out; Adam, as many steps as
/// [#STEPS].
final class LinearHead {

    private static final int STEPS = 120;
    private static final double RATE = 0.1;
    private static final double MEMORY = 0.9;
    private static final double SQUARES = 0.999;
    private static final double TINY = 1e-8;

    private final int labels;
    private final int size;
    /// Row by row, a label each; the last of a row is its bias.
    private final double[] weights;

    private LinearHead(int labels, int size) {
        this.labels = labels;
        this.size = size;
        this.weights = new double[labels * (size + 1)];
    }

    /// @param vectors of one size
    /// @param known the label of each vector, from 0
    static LinearHead fit(List<float[]> vectors, List<Integer> known, int labels) {
        var head = new LinearHead(labels, vectors.getFirst().length);
        var moments = new double[head.weights.length];
        var squares = new double[head.weights.length];
        for (int step = 1; step <= STEPS; step++) {
            var gradient = head.gradient(vectors, known);
            double scale = RATE * Math.sqrt(1 - Math.pow(SQUARES, step)) / (1 - Math.pow(MEMORY, step));
            for (int i = 0; i < gradient.length; i++) {
                moments[i] = MEMORY * moments[i] + (1 - MEMORY) * gradient[i];
                squares[i] = SQUARES * squares[i] + (1 - SQUARES) * gradient[i] * gradient[i];
                head.weights[i] -= scale * moments[i] / (Math.sqrt(squares[i]) + TINY);
            }
        }
        return head;
    }

    private double[] gradient(List<float[]> vectors, List<Integer> known) {
        var gradient = new double[weights.length];
        for (int row = 0; row < vectors.size(); row++) {
            var vector = vectors.get(row);
            var errors = probabilities(vector);
            errors[known.get(row)] -= 1;
            for (int label = 0; label < labels; label++) {
                int start = label * (size + 1);
                double error = errors[label] / vectors.size();
                for (int i = 0; i < size; i++) {
                    gradient[start + i] += error * vector[i];
                }
                gradient[start + size] += error;
            }
        }
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += i % (size + 1) == size ? 0 : weights[i] / vectors.size();
        }
        return gradient;
    }

    /// The probability of each label.
    double[] probabilities(float[] vector) {
        var scores = new double[labels];
        double largest = Double.NEGATIVE_INFINITY;
        for (int label = 0; label < labels; label++) {
            int start = label * (size + 1);
            double score = weights[start + size];
            for (int i = 0; i < size; i++) {
                score += weights[start + i] * vector[i];
            }
            scores[label] = score;
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (int label = 0; label < labels; label++) {
            scores[label] = Math.exp(scores[label] - largest);
            sum += scores[label];
        }
        for (int label = 0; label < labels; label++) {
            scores[label] /= sum;
        }
        return scores;
    }

    int label(float[] vector) {
        var probabilities = probabilities(vector);
        int best = 0;
        for (int label = 1; label < labels; label++) {
            best = probabilities[label] > probabilities[best] ? label : best;
        }
        return best;
    }
}
