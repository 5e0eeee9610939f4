package dev.gyre.llm.objective;

/// Bounds of parameters, refused with name, value and bound.
final class Checks {

    private Checks() {}

    static void above(String name, double value, double least) {
        if (!(value > least) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("%s is %s, must be above %s".formatted(name, value, least));
        }
    }

    static void from(String name, double value, double least) {
        if (!(value >= least) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("%s is %s, must be %s or more".formatted(name, value, least));
        }
    }

    static void between(String name, double value, double least, double most) {
        if (!(value >= least) || !(value <= most)) {
            throw new IllegalArgumentException("%s is %s, must be from %s to %s".formatted(name, value, least, most));
        }
    }
}
