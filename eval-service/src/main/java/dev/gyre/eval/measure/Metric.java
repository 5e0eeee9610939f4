package dev.gyre.eval.measure;

import dev.gyre.events.DatasetEvent.Kind;
import dev.gyre.llm.model.Score;
import java.util.List;

/// A figure that rows yield: the sum of their values over the sum of their weights.
///
/// The length of an answer is its characters and one for its end, because its log-probability includes the end token.
/// Lengths in characters, unlike tokens, are the same for every model, so models with different tokenizers compare.
public enum Metric {
    /// How surprised a model is by what people wrote: −log-probability over length.
    ///
    /// Long rows count as much as they are long.
    NATS_PER_CHARACTER("nats-per-character", false),

    /// How often a model finds the preferred answer likelier than the rejected one, *per character*.
    ///
    /// A tie counts ½. The mean and not the sum decides: a sum falls with every token, so it prefers the
    /// shorter answer whatever that says. `acc_norm` of lm-evaluation-harness and the reward of SimPO
    /// ([paper](https://arxiv.org/abs/2405.14734), eq. 3) take the mean for the same reason.
    PREFERENCE_ACCURACY("preference-accuracy", true),

    /// The same by summed log-probability, which favours short answers; reported beside, never decisive.
    PREFERENCE_ACCURACY_SUMMED("preference-accuracy-summed", true),

    /// How often a model gives the label that people gave; on the slice of one label that is its recall.
    ACCURACY("accuracy", true),

    /// The mean over the labels of F1, the harmonic mean of precision and recall; computed from all rows
    /// together ([paper](https://arxiv.org/abs/1911.03347), eq. 3), reported beside, never decisive.
    MACRO_F1("macro-f1", true);

    private final String id;
    private final boolean higherIsBetter;

    Metric(String id, boolean higherIsBetter) {
        this.id = id;
        this.higherIsBetter = higherIsBetter;
    }

    /// What a suite of this kind yields; the first decides.
    public static List<Metric> of(Kind kind) {
        return switch (kind) {
            case SUPERVISED -> List.of(NATS_PER_CHARACTER);
            case PREFERENCE -> List.of(PREFERENCE_ACCURACY, PREFERENCE_ACCURACY_SUMMED, NATS_PER_CHARACTER);
            case LABEL -> List.of(ACCURACY, MACRO_F1);
        };
    }

    public String id() {
        return id;
    }

    /// The difference as a gain: above 0 where the candidate is better.
    public double gain(double difference) {
        return higherIsBetter ? difference : -difference;
    }

    /// True where every row is simply right, wrong or tied.
    public boolean isAccuracy() {
        return this != NATS_PER_CHARACTER;
    }

    public double value(RowScores row) {
        return switch (this) {
            case NATS_PER_CHARACTER -> -preferred(row).logProbability();
            case PREFERENCE_ACCURACY ->
                switch (row) {
                    case RowScores.Pair pair -> win(perCharacter(pair.preferred()), perCharacter(pair.rejected()));
                    case RowScores.Completion _, RowScores.Guess _ -> throw notAPair();
                };
            case PREFERENCE_ACCURACY_SUMMED ->
                switch (row) {
                    case RowScores.Pair pair ->
                        win(pair.preferred().logProbability(), pair.rejected().logProbability());
                    case RowScores.Completion _, RowScores.Guess _ -> throw notAPair();
                };
            case ACCURACY, MACRO_F1 ->
                switch (row) {
                    case RowScores.Guess guess -> guess.isRight() ? 1 : 0;
                    case RowScores.Completion _, RowScores.Pair _ -> throw noLabel();
                };
        };
    }

    public double weight(RowScores row) {
        return isAccuracy() ? 1 : length(preferred(row));
    }

    /// What a guess that knows only the lengths would score on a pair: the longer answer wins, a tie counts ½.
    public static double lengthGuess(RowScores.Pair pair) {
        return win(length(pair.preferred()), length(pair.rejected()));
    }

    private Score preferred(RowScores row) {
        return switch (row) {
            case RowScores.Completion completion -> completion.preferred();
            case RowScores.Pair pair -> pair.preferred();
            case RowScores.Guess _ -> throw new IllegalArgumentException("%s needs an answer".formatted(id));
        };
    }

    private static double win(double preferred, double rejected) {
        return preferred > rejected ? 1 : preferred < rejected ? 0 : 0.5;
    }

    private static double perCharacter(Score score) {
        return score.logProbability() / length(score);
    }

    private static double length(Score score) {
        return score.characters() + 1.0;
    }

    private IllegalArgumentException noLabel() {
        return new IllegalArgumentException("%s needs a label, this row is an answer".formatted(id));
    }

    private IllegalArgumentException notAPair() {
        return new IllegalArgumentException("%s needs pairs, this row is a single completion".formatted(id));
    }
}
