package dev.gyre.llm.objective;

import java.util.Arrays;
import java.util.Locale;

/// The loss of one pair, by the difference of its two log-ratios to the frozen model.
/// Paper and equation stand in each program.
public enum PairLoss {
    SIGMOID("pair_sigmoid"),
    HINGE("pair_hinge"),
    IPO("pair_ipo"),
    EXO_PAIR("pair_exo"),
    NCA_PAIR("pair_nca"),
    ROBUST("pair_robust"),
    BCO_PAIR("pair_bco"),
    SPPO_HARD("pair_sppo"),
    AOT("pair_aot"),
    AOT_UNPAIRED("pair_aot_unpaired"),
    APO_ZERO("pair_apo_zero"),
    APO_DOWN("pair_apo_down"),
    DISCOPOP("pair_discopop"),
    SFT("pair_supervised"),
    SIGMOID_NORM("pair_sigmoid_norm");

    private final String program;

    PairLoss(String program) {
        this.program = program;
    }

    String program() {
        return program;
    }

    /// The word for it in settings, as TRL has it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The loss that a word stands for.
    ///
    /// @throws IllegalArgumentException naming the word and those that are known
    public static PairLoss of(String word) {
        return Arrays.stream(values())
                .filter(loss -> loss.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("pair loss is %s, must be one of %s"
                        .formatted(
                                word,
                                String.join(
                                        ", ",
                                        Arrays.stream(values())
                                                .map(PairLoss::word)
                                                .toList()))));
    }
}
