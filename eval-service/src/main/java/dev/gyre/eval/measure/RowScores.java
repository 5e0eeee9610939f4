package dev.gyre.eval.measure;

import dev.gyre.llm.model.Score;

/// What one model thinks of one row of a suite.
public sealed interface RowScores {

    /// The answer that people gave or preferred.
    Score preferred();

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
