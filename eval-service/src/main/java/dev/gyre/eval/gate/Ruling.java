package dev.gyre.eval.gate;

/// What one piece of evidence means for the verdict.
record Ruling(Weight weight, String reason) {

    enum Weight {
        /// Speaks for the candidate.
        GOOD,
        /// Worth knowing, decides nothing.
        RESERVATION,
        /// Does not tell.
        UNCLEAR,
        /// Speaks against the candidate.
        BAD
    }
}
