package dev.gyre.eval.probation;

/// How many of some ratings are bad.
record Share(int bad, int ratings) {

    static final Share NONE = new Share(0, 0);

    Share plus(Share other) {
        return new Share(bad + other.bad, ratings + other.ratings);
    }
}
