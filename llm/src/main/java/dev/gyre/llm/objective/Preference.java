package dev.gyre.llm.objective;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Preference optimisation of pairs against a frozen model: a weighted sum of pair losses.
///
/// Rows: all chosen answers, then all rejected ones in the same order. Given: `reference`
/// (targets).
///
/// @param terms one to three losses with their weights
/// @param beta strength of the pull towards the frozen model, above 0
/// @param smoothing chance ε that a label is wrong, from 0 up to 0.5 (without 0.5); `exo_pair`
/// needs it above 0
/// @param temperature τ of DiscoPOP's mixture, above 0
/// @param alpha of the α-divergence
/// @param tail share of the tokens beyond the shorter answer's length, 0 to 1; 1 is plain DPO, less
/// is LD-DPO ([paper](https://arxiv.org/abs/2409.06411), eq. 10)
/// @param weighted whether a pair counts by its likelihood under the model (WPO,
/// [paper](https://arxiv.org/abs/2406.11827), eq. 2)
public record Preference(
        List<Term> terms,
        double beta,
        double smoothing,
        double temperature,
        Divergence divergence,
        double alpha,
        double tail,
        boolean weighted)
        implements Objective {

    private static final List<String> SLOTS = List.of("first", "second", "third");

    /// One of the losses that are summed.
    public record Term(PairLoss loss, double weight) {}

    public Preference {
        terms = List.copyOf(terms);
        if (terms.isEmpty() || terms.size() > SLOTS.size()) {
            throw new IllegalArgumentException("there are %d pair losses, must be 1 to 3".formatted(terms.size()));
        }
        Checks.above("beta", beta, 0);
        Checks.from("smoothing", smoothing, 0);
        if (smoothing >= 0.5) {
            throw new IllegalArgumentException("smoothing is %s, must be below 0.5".formatted(smoothing));
        }
        if (smoothing == 0 && terms.stream().anyMatch(term -> term.loss() == PairLoss.EXO_PAIR)) {
            throw new IllegalArgumentException("smoothing is 0, must be above 0 for exo_pair (its paper: 0.001)");
        }
        Checks.above("temperature", temperature, 0);
        Checks.between("tail", tail, 0, 1);
    }

    /// One loss in its plain form, α times the chosen answers' cross-entropy added (RPO,
    /// [paper](https://arxiv.org/abs/2404.19733)) where `supervised` is not 0.
    public static Preference of(PairLoss loss, double beta, double smoothing, double supervised) {
        var terms = supervised == 0
                ? List.of(new Term(loss, 1))
                : List.of(new Term(loss, 1), new Term(PairLoss.SFT, supervised));
        return new Preference(terms, beta, smoothing, 0.05, Divergence.REVERSE_KL, 0.5, 1, false);
    }

    @Override
    public Map<String, String> slots() {
        var slots = new HashMap<String, String>();
        slots.put("objective", "preference");
        slots.put("likelihood", weighted ? "observed_likelihood" : "likelihood");
        for (int i = 0; i < terms.size(); i++) {
            slots.put(SLOTS.get(i), terms.get(i).loss().program());
        }
        return slots;
    }

    @Override
    public double[] settings() {
        return new double[] {
            beta,
            smoothing,
            temperature,
            divergence.ordinal(),
            alpha,
            tail,
            weighted ? 1 : 0,
            weight(0),
            weight(1),
            weight(2)
        };
    }

    private double weight(int term) {
        return term < terms.size() ? terms.get(term).weight() : 0;
    }

    @Override
    public List<String> metrics() {
        return Metrics.OF_PAIRS;
    }

    @Override
    public boolean needsReference() {
        return true;
    }
}
