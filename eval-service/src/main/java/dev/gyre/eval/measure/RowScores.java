package dev.gyre.eval.measure;

import dev.gyre.llm.model.Score;

/// What one model thinks of one row of a suite.
public sealed interface RowScores {

    /// True where the model could not read the row to its end.
    boolean cut();

    /// False where the model computed no number.
    boolean isFinite();

    record Completion(Score preferred) implements RowScores {

        @Override
        public boolean cut() {
            return preferred.cut();
        }

        @Override
        public boolean isFinite() {
            return Double.isFinite(preferred.logProbability());
        }
    }

    /// @param label that people gave
    /// @param guess that the model gave, blank where it knows no labels
    /// @param probability that it gave the right label, 0 where it does not know it
    record Guess(String label, String guess, double probability) implements RowScores {

        public boolean isRight() {
            return guess.equals(label);
        }

        @Override
        public boolean cut() {
            return false;
        }

        @Override
        public boolean isFinite() {
            return Double.isFinite(probability);
        }
    }

    record Pair(Score preferred, Score rejected) implements RowScores {

        @Override
        public boolean cut() {
            return preferred.cut() || rejected.cut();
        }

        @Override
        public boolean isFinite() {
            return Double.isFinite(preferred.logProbability()) && Double.isFinite(rejected.logProbability());
        }
    }
}
