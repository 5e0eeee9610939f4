package dev.gyre.cli.samples;

/// How an answer is given.
enum Manner {
    /// Complete and polite.
    WARM(1.0),
    /// Complete, without a courtesy.
    PLAIN(0.75),
    /// The fact, lost in talk.
    RAMBLING(0.45),
    /// A fragment; half of what was asked.
    CURT(0.4),
    /// Polite words about something else.
    ASIDE(0.05);

    /// What the judgement of a right answer starts from, 0 to 1.
    final double quality;

    Manner(double quality) {
        this.quality = quality;
    }

    /// A wrong fact spoils nearly everything, however well it is said.
    double quality(boolean right) {
        return right || this == ASIDE ? quality : quality / 5;
    }
}
