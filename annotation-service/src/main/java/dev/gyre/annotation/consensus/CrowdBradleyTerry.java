package dev.gyre.annotation.consensus;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Bradley–Terry with annotators of whom each says the contrary now and then: the first is called better with
/// ηₖ p(i beats j) + (1 − ηₖ) p(j beats i) (Chen, Bennett, Collins-Thompson and Horvitz 2013,
/// [paper](https://doi.org/10.1145/2433396.2433420), the model Crowd-BT).
///
/// Their likelihood, by EM: how probable it is that an answer was not turned round, γ = ηp / (ηp + (1 − η)(1 − p));
/// then
/// [BradleyTerry] over the answers as far as they were not, and η as the average γ under a Beta prior. Ties say
/// nothing about η.
///
/// @param strengths ln λ by name, on average 0
/// @param weights η by pseudonym, how often each says what it finds: ½ says nothing, below ½ the contrary
public record CrowdBradleyTerry(Map<String, Double> strengths, Map<String, Double> weights) {

    private static final int MOST_ROUNDS = 100;
    private static final double STILL = 1e-6;
    /// A Beta(10, 1) prior: people mostly mean what they say.
    private static final double HONEST = 9;

    public CrowdBradleyTerry {
        strengths = Map.copyOf(strengths);
        weights = Map.copyOf(weights);
    }

    /// @param prior games of each against a thing that nobody sees, as in [BradleyTerry]
    public static CrowdBradleyTerry of(Collection<Duel> duels, double prior) {
        var weights = new TreeMap<String, Double>();
        duels.forEach(duel -> weights.put(duel.annotator(), HONEST / (HONEST + 1)));
        var strengths = BradleyTerry.of(duels, prior);
        double moved = 1;
        for (int round = 0; round < MOST_ROUNDS && moved > STILL; round++) {
            var meant = meant(duels, strengths, weights);
            var renewed = BradleyTerry.of(meant, prior);
            moved = distance(strengths, renewed);
            strengths = renewed;
            weigh(duels, meant, weights);
        }
        return new CrowdBradleyTerry(strengths, weights);
    }

    /// What the annotators found, as far as what they said tells it.
    private static List<Duel> meant(
            Collection<Duel> duels, Map<String, Double> strengths, Map<String, Double> weights) {
        return duels.stream()
                .map(duel -> {
                    double ahead =
                            strengths.getOrDefault(duel.first(), 0.0) - strengths.getOrDefault(duel.second(), 0.0);
                    double better = 1 / (1 + Math.exp(-ahead));
                    double weight = weights.getOrDefault(duel.annotator(), 0.5);
                    double won = straight(weight, better);
                    double lost = 1 - straight(weight, 1 - better);
                    return new Duel(
                            duel.first(),
                            duel.second(),
                            duel.annotator(),
                            duel.points() * won + (1 - duel.points()) * lost);
                })
                .toList();
    }

    /// How probable it is that what was said is what was found.
    private static double straight(double weight, double chance) {
        return weight * chance / (weight * chance + (1 - weight) * (1 - chance));
    }

    private static void weigh(Collection<Duel> said, List<Duel> meant, Map<String, Double> weights) {
        var straight = new TreeMap<String, Double>();
        var decided = new TreeMap<String, Integer>();
        int each = 0;
        for (var duel : said) {
            double found = meant.get(each++).points();
            if (duel.points() == 0 || duel.points() == 1) {
                straight.merge(duel.annotator(), duel.points() == 1 ? found : 1 - found, Double::sum);
                decided.merge(duel.annotator(), 1, Integer::sum);
            }
        }
        weights.replaceAll((annotator, _) ->
                (HONEST + straight.getOrDefault(annotator, 0.0)) / (HONEST + decided.getOrDefault(annotator, 0)));
    }

    private static double distance(Map<String, Double> before, Map<String, Double> after) {
        return after.entrySet().stream()
                .mapToDouble(entry -> Math.abs(entry.getValue() - before.getOrDefault(entry.getKey(), 0.0)))
                .max()
                .orElse(0);
    }
}
