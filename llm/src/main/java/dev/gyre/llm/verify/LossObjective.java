package dev.gyre.llm.verify;

import dev.gyre.llm.objective.BinaryClassifier;
import dev.gyre.llm.objective.BradleyTerry;
import dev.gyre.llm.objective.Contrastive;
import dev.gyre.llm.objective.Divergence;
import dev.gyre.llm.objective.KahnemanTversky;
import dev.gyre.llm.objective.LeaveOneOut;
import dev.gyre.llm.objective.Objective;
import dev.gyre.llm.objective.OddsRatio;
import dev.gyre.llm.objective.PairLoss;
import dev.gyre.llm.objective.PolicyGradient;
import dev.gyre.llm.objective.PolicyGradient.Aggregation;
import dev.gyre.llm.objective.Preference;
import dev.gyre.llm.objective.Supervised;
import dev.gyre.llm.objective.Surrogate;
import java.util.ArrayList;
import java.util.Locale;

/// Objectives by TRL's settings, as its trainers do them where their papers differ.
final class LossObjective {

    private LossObjective() {}

    /// `chunked_nll` is `nll` computed part by part.
    static Objective supervised(CaseSettings settings) {
        return switch (settings.word("loss_type", "nll")) {
            case "nll", "chunked_nll" -> new Supervised(false);
            case "dft" -> new Supervised(true);
            case String other -> throw unknown(other);
        };
    }

    /// TRL's `sigmoid` leaves `label_smoothing` out.
    static Objective preference(CaseSettings settings) {
        var losses = settings.words("loss_type");
        var weights = settings.numbers("loss_weights");
        double smoothing = settings.number("label_smoothing", 0);
        var terms = new ArrayList<Preference.Term>();
        for (int i = 0; i < losses.size(); i++) {
            terms.add(new Preference.Term(PairLoss.of(losses.get(i)), weights.isEmpty() ? 1 : weights.get(i)));
        }
        if (terms.stream().anyMatch(term -> term.loss() == PairLoss.SIGMOID)) {
            if (terms.size() > 1 && smoothing != 0) {
                throw new IllegalArgumentException(
                        "label_smoothing is %s, which sigmoid leaves out and the others do not".formatted(smoothing));
            }
            smoothing = 0;
        }
        return new Preference(
                terms,
                settings.number("beta", 0.1),
                smoothing,
                settings.number("discopop_tau", 0.05),
                Divergence.valueOf(
                        settings.word("f_divergence_type", "reverse_kl").toUpperCase(Locale.ROOT)),
                settings.number("f_alpha_divergence_coef", 0.5),
                settings.number("ld_alpha", 1),
                settings.flag("use_weighting"));
    }

    static Objective judged(CaseSettings settings) {
        return new KahnemanTversky(
                settings.number("beta", 0.1),
                settings.number("desirable_weight", 1),
                settings.number("undesirable_weight", 1),
                switch (settings.word("loss_type", "kto")) {
                    case "kto" -> false;
                    case "apo_zero_unpaired" -> true;
                    case String other -> throw unknown(other);
                });
    }

    static Objective classified(CaseSettings settings) {
        return new BinaryClassifier(settings.number("beta", 0.1));
    }

    static Objective rewarded(CaseSettings settings) {
        return new BradleyTerry(settings.number("center_rewards_coefficient", 0));
    }

    static Objective oddsRatio(CaseSettings settings) {
        return new OddsRatio(settings.number("beta", 0.1));
    }

    static Objective contrastive(CaseSettings settings) {
        return new Contrastive(
                switch (settings.word("loss_type", "sigmoid")) {
                    case "sigmoid" -> Contrastive.Kind.SIGMOID;
                    case "hinge" -> Contrastive.Kind.HINGE;
                    case "ipo" -> Contrastive.Kind.IPO;
                    case "simpo" -> Contrastive.Kind.SIMPO;
                    case String other -> throw unknown(other);
                },
                settings.number("beta", 0.1),
                settings.number("label_smoothing", 0),
                settings.number("simpo_gamma", 0.5),
                settings.number("alpha", 0),
                settings.number("cpo_alpha", 1));
    }

    static Objective leaveOneOut(CaseSettings settings) {
        double low = settings.number("epsilon", 0.2);
        return new LeaveOneOut(low, settings.number("epsilon_high", low));
    }

    static Objective policyGradient(CaseSettings settings) {
        var loss = settings.word("loss_type", "dapo");
        double low = settings.number("epsilon", 0.2);
        double high = settings.number("epsilon_high", low);
        var clip = new Surrogate.Clip(low, high, settings.number("delta", 0));
        var gate = new Surrogate.SoftGate(
                settings.number("sapo_temperature_pos", 1), settings.number("sapo_temperature_neg", 1.05));
        var weight = new Surrogate.SequenceWeight(
                settings.number("vespo_k_pos", 2),
                settings.number("vespo_lambda_pos", 3),
                settings.number("vespo_k_neg", 3),
                settings.number("vespo_lambda_neg", 2));
        boolean whole = switch (settings.word("importance_sampling_level", "token")) {
            case "token" -> false;
            case "sequence" -> true;
            case String other ->
                throw new IllegalArgumentException("importance_sampling_level %s is not known".formatted(other));
        };
        return new PolicyGradient(
                switch (loss) {
                    case "grpo", "bnpo", "dr_grpo", "dapo", "luspo" -> clip;
                    case "cispo" -> new Surrogate.ClippedWeight(high);
                    case "sapo" -> gate;
                    case "vespo" -> weight;
                    default -> throw unknown(loss);
                },
                switch (loss) {
                    case "grpo", "sapo" -> Aggregation.ANSWER;
                    case "dr_grpo" -> Aggregation.LENGTH;
                    case "luspo" -> Aggregation.SUM;
                    default -> Aggregation.TOKEN;
                },
                settings.number("beta", 0),
                whole,
                settings.flag("use_bias_correction_kl"),
                settings.number("top_entropy_quantile", 1),
                settings.number("entropy_coef", 0),
                settings.number("off_policy_mask_threshold", -1),
                settings.number("max_completion_length", 1));
    }

    private static IllegalArgumentException unknown(String loss) {
        return new IllegalArgumentException("loss_type %s is not known".formatted(loss));
    }
}
