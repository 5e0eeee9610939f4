package dev.gyre.eval.gate;

import dev.gyre.eval.gate.Findings.Broken;
import dev.gyre.eval.gate.Findings.Opposed;
import dev.gyre.eval.gate.Findings.Target;
import dev.gyre.eval.gate.Findings.Target.Measured;
import dev.gyre.eval.gate.Findings.Target.Missing;
import dev.gyre.eval.gate.Findings.Unopposed;
import dev.gyre.eval.gate.Ruling.Weight;
import dev.gyre.eval.measure.Comparison;
import dev.gyre.eval.measure.Paired;
import dev.gyre.events.DatasetEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Better on the new, not worse on the old: what a candidate must show to become champion.
///
/// **Own suite: superiority.** The interval of the paired difference must lie wholly on the better side (97 % at the
/// first look at these rows, wider at every further one, so that the looks together err as often as one at 5 %), and for
/// an
/// accuracy the exact sign test must agree, because a bootstrap of few changed rows is too sure of itself. Wholly on
/// the
/// worse side fails; anything between is inconclusive.
///
/// **Past suites: non-inferiority.** A point estimate beyond the margin fails. One within the margin whose interval
/// reaches beyond it is unproven: by default that is a stated reservation, because proving two points of accuracy takes
/// about a thousand prompts, and a smaller suite would hold up every later version for ever. With
/// [Unproven#INCONCLUSIVE] the gate is strict.
///
/// **Too little evidence never passes.** Fewer prompts than the minimum on the own suite is inconclusive. A past suite
/// that
/// was frozen with fewer rows than that can never say anything: it is named as a reservation; one that was frozen large
/// enough but could not be read is inconclusive.
///
/// **Judgements in doubt never pass.** What learned from an annotator who says the opposite of the others is measured by
/// the same judgements, so no figure on the own suite speaks for it: an engineer decides.
///
/// Slices decide nothing: a slice that is worse beyond doubt is named as a reservation.
///
/// @param minimumPrompts fewest different prompts that count as evidence
/// @param significance largest p-value of the sign test that agrees
/// @param supervised margin on past suites of demonstrations
/// @param preference margin on past suites of preferences
/// @param supervisedAfterPreference margin on past suites of demonstrations for a candidate that learned preferences:
/// DPO lowers the likelihood of all answers while it orders them (Rafailov et al. 2024,
/// [paper](https://arxiv.org/abs/2404.12358)), so the bar catches a lost language, not a lowered likelihood
public record GatePolicy(
        int minimumPrompts,
        double significance,
        Margin supervised,
        Margin preference,
        Margin supervisedAfterPreference,
        Unproven unproven) {

    public Verdict judge(Findings findings) {
        return switch (findings) {
            case Broken broken -> new Verdict.Fail(List.of(broken.reason()));
            case Unopposed unopposed -> {
                var reasons = new ArrayList<>(unopposed.doubts());
                reasons.add("No other version of %s is champion, so there is nothing to compare %s with."
                        .formatted(unopposed.candidate().name(), unopposed.candidate()));
                reasons.addAll(unopposed.observations());
                yield unopposed.doubts().isEmpty() ? new Verdict.Pass(reasons) : new Verdict.Inconclusive(reasons);
            }
            case Opposed opposed -> weigh(opposed);
        };
    }

    private Verdict weigh(Opposed opposed) {
        var rulings = new ArrayList<Ruling>();
        opposed.doubts().forEach(doubt -> rulings.add(new Ruling(Weight.UNCLEAR, doubt)));
        rulings.addAll(own(opposed.own(), opposed));
        for (var past : opposed.past()) {
            rulings.addAll(past(past, learned(opposed.own())));
        }
        opposed.observations().forEach(seen -> rulings.add(new Ruling(Weight.RESERVATION, seen)));
        var reasons = rulings.stream().map(Ruling::reason).toList();
        return switch (rulings.stream()
                .map(Ruling::weight)
                .max(Weight::compareTo)
                .orElse(Weight.UNCLEAR)) {
            case GOOD, RESERVATION -> new Verdict.Pass(reasons);
            case UNCLEAR -> new Verdict.Inconclusive(reasons);
            case BAD -> new Verdict.Fail(reasons);
        };
    }

    private List<Ruling> own(Target target, Opposed opposed) {
        return switch (target) {
            case Missing missing -> List.of(new Ruling(Weight.UNCLEAR, missing.reason()));
            case Measured suite -> {
                var decisive = suite.decisive().orElse(null);
                if (decisive == null || decisive.paired() == null || decisive.prompts() < minimumPrompts) {
                    yield List.of(tooFew(suite, Weight.UNCLEAR));
                }
                var rulings = new ArrayList<Ruling>();
                rulings.add(superiority(suite, decisive, decisive.paired(), opposed));
                rulings.addAll(asides(suite, decisive));
                yield rulings;
            }
        };
    }

    private Ruling superiority(Measured suite, Comparison figure, Paired paired, Opposed opposed) {
        var look = paired.look();
        var worst = worst(figure, look.low(), look.high());
        var best = best(figure, look.low(), look.high());
        var said = sentence(suite, figure, paired) + looked(look);
        if (best < 0) {
            return new Ruling(
                    Weight.BAD, "%s: %s is worse than %s.".formatted(said, opposed.candidate(), opposed.opponent()));
        }
        if (worst <= 0) {
            return new Ruling(Weight.UNCLEAR, "%s: the interval contains no change.".formatted(said));
        }
        if (figure.metric().isAccuracy() && paired.signTest() > significance) {
            return new Ruling(
                    Weight.UNCLEAR,
                    "%s: the interval lies above no change, but too few prompts changed to be sure (sign test p = %s, needs %s)."
                            .formatted(said, figure(paired.signTest()), figure(significance)));
        }
        return new Ruling(
                Weight.GOOD, "%s: %s is better than %s.".formatted(said, opposed.candidate(), opposed.opponent()));
    }

    private List<Ruling> past(Target target, Kind learned) {
        return switch (target) {
            case Missing missing -> List.of(new Ruling(Weight.RESERVATION, missing.reason()));
            case Measured suite -> {
                var decisive = suite.decisive().orElse(null);
                if (decisive == null || decisive.paired() == null || decisive.prompts() < minimumPrompts) {
                    yield List.of(tooFew(suite, suite.held() < minimumPrompts ? Weight.RESERVATION : Weight.UNCLEAR));
                }
                var rulings = new ArrayList<Ruling>();
                rulings.add(nonInferiority(suite, decisive, decisive.paired(), margin(learned, suite.kind())));
                rulings.addAll(asides(suite, decisive));
                yield rulings;
            }
        };
    }

    private Ruling nonInferiority(Measured suite, Comparison figure, Paired paired, Margin margin) {
        var allowed = margin.against(paired.champion());
        var said = sentence(suite, figure, paired);
        if (figure.metric().gain(paired.difference()) < -allowed) {
            return new Ruling(Weight.BAD, "%s: worse by more than the margin of %s.".formatted(said, figure(allowed)));
        }
        if (worstGain(figure, paired) < -allowed) {
            return new Ruling(
                    switch (unproven) {
                        case RESERVATION -> Weight.RESERVATION;
                        case INCONCLUSIVE -> Weight.UNCLEAR;
                    },
                    "%s: within the margin of %s, but the interval reaches beyond it."
                            .formatted(said, figure(allowed)));
        }
        return new Ruling(Weight.GOOD, "%s: not worse than the margin of %s.".formatted(said, figure(allowed)));
    }

    private Margin margin(Kind learned, Kind suite) {
        return switch (suite) {
            case PREFERENCE, LABEL -> preference;
            case SUPERVISED -> learned == Kind.PREFERENCE ? supervisedAfterPreference : supervised;
        };
    }

    private static Kind learned(Target own) {
        return switch (own) {
            case Missing ignored -> Kind.SUPERVISED;
            case Measured suite -> suite.kind();
        };
    }

    private List<Ruling> asides(Measured suite, Comparison figure) {
        var asides = new ArrayList<Ruling>();
        if (suite.leftOut() > 0) {
            asides.add(aside("%d of the rows of '%s' were left out: a model could not read them to their end."
                    .formatted(suite.leftOut(), suite.name())));
        }
        if (figure.baseline() != null && figure.candidate() <= figure.baseline()) {
            asides.add(aside("On '%s' a guess that %s scores %s, no less than the candidate's %s."
                    .formatted(
                            suite.name(),
                            suite.kind() == Kind.LABEL
                                    ? "always says the commonest label"
                                    : "knows only the lengths",
                            figure(figure.baseline()),
                            figure(figure.candidate()))));
        }
        for (var slice : suite.slices()) {
            var paired = slice.paired();
            if (paired != null && slice.prompts() >= minimumPrompts && bestGain(slice, paired) < 0) {
                asides.add(aside("%s: worse on this slice.".formatted(sentence(suite, slice, paired))));
            }
        }
        return asides;
    }

    private static Ruling aside(String reason) {
        return new Ruling(Weight.RESERVATION, reason);
    }

    private Ruling tooFew(Measured suite, Weight weight) {
        var prompts = suite.decisive().map(Comparison::prompts).orElse(0);
        return new Ruling(
                weight,
                "Suite '%s' has %d prompts to compare on (%d rows held out, %d left out as too long), at least %d are needed: it says nothing."
                        .formatted(suite.name(), prompts, suite.held(), suite.leftOut(), minimumPrompts));
    }

    private static double worstGain(Comparison figure, Paired paired) {
        return worst(figure, paired.low(), paired.high());
    }

    private static double bestGain(Comparison figure, Paired paired) {
        return best(figure, paired.low(), paired.high());
    }

    private static double worst(Comparison figure, double low, double high) {
        return Math.min(figure.metric().gain(low), figure.metric().gain(high));
    }

    private static double best(Comparison figure, double low, double high) {
        return Math.max(figure.metric().gain(low), figure.metric().gain(high));
    }

    private static String looked(Paired.Look look) {
        return look.number() == 1
                ? ""
                : " (look %d at these rows, so the %.2f %% interval %s to %s decides)"
                        .formatted(
                                look.number(), 100 * (1 - look.alpha()), signed(look.low()), signed(look.high()));
    }

    /// Such as `On 'jokes' (214 prompts) preference-accuracy went from 0.5120 to 0.6030, difference +0.0910, 95 %
    /// interval +0.0340 to +0.1480`.
    private static String sentence(Measured suite, Comparison figure, Paired paired) {
        var slice = figure.slice().equals(Comparison.ALL) ? "" : ", slice '%s'".formatted(figure.slice());
        return "On '%s'%s (%d rows, %d prompts) %s went from %s to %s, difference %s, 95 %% interval %s to %s"
                .formatted(
                        suite.name(),
                        slice,
                        figure.rows(),
                        figure.prompts(),
                        figure.metric().id(),
                        figure(paired.champion()),
                        figure(figure.candidate()),
                        signed(paired.difference()),
                        signed(paired.low()),
                        signed(paired.high()));
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }
}
