package dev.gyre.annotation.consensus;

/// The derivative of the logarithm of Γ.
final class Digamma {

    private static final double FAR = 10;

    private Digamma() {}

    /// ψ(x) = ψ(x + 1) − 1/x until x is large, then ln x − 1/2x − 1/12x² + 1/120x⁴ − 1/252x⁶ + 1/240x⁸ − 1/132x¹⁰.
    ///
    /// @param x above 0
    static double of(double x) {
        double far = x;
        double shift = 0;
        while (far < FAR) {
            shift -= 1 / far;
            far++;
        }
        double square = 1 / (far * far);
        double series =
                square * (1 / 12.0 - square * (1 / 120.0 - square * (1 / 252.0 - square * (1 / 240.0 - square / 132))));
        return shift + Math.log(far) - 0.5 / far - series;
    }
}
