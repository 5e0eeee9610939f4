package dev.gyre.annotation.agreement;

import java.util.Arrays;
import java.util.OptionalDouble;

/// Gwet's AC1 and AC2: agreement beyond chance that stays high where almost everybody always says the same.
///
/// (pₐ − pₑ) / (1 − pₑ) with pₑ = T_w / q(q − 1) · Σ πₖ (1 − πₖ), where T_w sums up the weights of all pairs of q
/// values
/// and πₖ is the average share of a value over the units (Gwet 2008, [paper](https://doi.org/10.1348/000711006X126600),
/// for
/// the nominal AC1; Gwet, Handbook of Inter-Rater Reliability, 4th edition, ch. 5, for weights, gaps and AC2). Ordinal
/// weights are 1 − C(|k − l| + 1, 2) / C(q, 2), interval ones 1 − (k − l)² / (largest − smallest)².
public final class GwetCoefficient {

    private GwetCoefficient() {}

    /// @return AC1 on a nominal scale, AC2 on others; nothing where no unit has two values or all values are the same
    public static OptionalDouble of(Tally tally, Scale scale) {
        int values = tally.values().size();
        var weights = weights(tally, scale);
        var shares = new double[values];
        double agreement = 0;
        double pairable = 0;
        double all = 0;
        for (int pattern = 0; pattern < tally.patterns().size(); pattern++) {
            var said = tally.patterns().get(pattern);
            double judges = Arrays.stream(said).sum();
            long units = judges == 0 ? 0 : tally.units(pattern);
            for (int value = 0; value < values; value++) {
                shares[value] += units * said[value] / Math.max(judges, 1);
            }
            all += units;
            if (judges > 1) {
                pairable += units;
                agreement += units * agreeing(said, weights) / (judges * (judges - 1));
            }
        }
        if (pairable == 0 || values < 2) {
            return OptionalDouble.empty();
        }
        double chance = chance(shares, all, weights);
        return OptionalDouble.of((agreement / pairable - chance) / (1 - chance));
    }

    private static double agreeing(int[] said, double[][] weights) {
        double agreeing = 0;
        for (int one = 0; one < said.length; one++) {
            double alike = 0;
            for (int other = 0; other < said.length; other++) {
                alike += weights[one][other] * said[other];
            }
            agreeing += said[one] * (alike - 1);
        }
        return agreeing;
    }

    private static double chance(double[] shares, double all, double[][] weights) {
        double sum = Arrays.stream(weights).flatMapToDouble(Arrays::stream).sum();
        double spread = Arrays.stream(shares)
                .map(share -> share / all * (1 - share / all))
                .sum();
        return sum * spread / (shares.length * (shares.length - 1.0));
    }

    private static double[][] weights(Tally tally, Scale scale) {
        int values = tally.values().size();
        var weights = new double[values][values];
        for (int one = 0; one < values; one++) {
            for (int other = 0; other < values; other++) {
                weights[one][other] = one == other ? 1 : weight(tally, scale, one, other);
            }
        }
        return weights;
    }

    private static double weight(Tally tally, Scale scale, int one, int other) {
        int values = tally.values().size();
        return switch (scale) {
            case NOMINAL -> 0;
            case ORDINAL -> {
                double apart = Math.abs(one - other);
                yield 1 - apart * (apart + 1) / (values * (values - 1.0));
            }
            case INTERVAL -> {
                double apart = (tally.number(one) - tally.number(other)) / (tally.number(values - 1) - tally.number(0));
                yield 1 - apart * apart;
            }
        };
    }
}
