package dev.gyre.eval.scorecard;

/// Hears how far an examination is; may throw to end it.
interface ReadingProgress {

    /// @param rows how many will be read, counted for each model
    void wanted(int rows);

    void advanced(int rows);
}
