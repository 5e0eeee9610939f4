package dev.gyre.annotation.consensus;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How strong each of several things is, from comparisons of two: p(i beats j) = λᵢ / (λᵢ + λⱼ) (Bradley and Terry
/// 1952,
/// [paper](https://doi.org/10.2307/2334029)).
///
/// By minorization and maximization, λᵢ = Wᵢ / Σⱼ Nᵢⱼ / (λᵢ + λⱼ) (Hunter 2004,
/// [paper](https://doi.org/10.1214/aos/1079120141), eq. 3), until no strength moves. A tie is half a win for each. A
/// prior
/// above 0 adds that many games, half of them won, against a thing of strength 1 that nobody sees: without it a thing
/// that
/// never loses is infinitely strong.
public final class BradleyTerry {

    private static final int MOST_ROUNDS = 10_000;
    private static final double STILL = 1e-10;

    private BradleyTerry() {}

    /// @param prior games against the unseen thing, from 0
    /// @return ln λ by name, on average 0
    public static Map<String, Double> of(Collection<Duel> duels, double prior) {
        var wins = new TreeMap<String, Double>();
        var games = new HashMap<String, Map<String, Double>>();
        for (var duel : duels) {
            wins.merge(duel.first(), duel.points(), Double::sum);
            wins.merge(duel.second(), 1 - duel.points(), Double::sum);
            count(games, duel.first(), duel.second());
            count(games, duel.second(), duel.first());
        }
        return strengths(wins, games, prior);
    }

    private static void count(Map<String, Map<String, Double>> games, String one, String other) {
        games.computeIfAbsent(one, ignored -> new TreeMap<>()).merge(other, 1.0, Double::sum);
    }

    private static Map<String, Double> strengths(
            Map<String, Double> wins, Map<String, Map<String, Double>> games, double prior) {
        var strength = new TreeMap<String, Double>();
        wins.keySet().forEach(name -> strength.put(name, 1.0));
        double moved = 1;
        for (int round = 0; round < MOST_ROUNDS && moved > STILL; round++) {
            moved = 0;
            for (var entry : wins.entrySet()) {
                var name = entry.getKey();
                double old = strength.getOrDefault(name, 1.0);
                double chances = prior / (old + 1);
                for (var other : games.getOrDefault(name, Map.of()).entrySet()) {
                    chances += other.getValue() / (old + strength.getOrDefault(other.getKey(), 1.0));
                }
                double renewed = Math.max((entry.getValue() + prior / 2) / chances, Double.MIN_NORMAL);
                strength.put(name, renewed);
                moved = Math.max(moved, Math.abs(Math.log(renewed / old)));
            }
        }
        return centred(strength);
    }

    private static Map<String, Double> centred(Map<String, Double> strength) {
        double average =
                strength.values().stream().mapToDouble(Math::log).average().orElse(0);
        var centred = new TreeMap<String, Double>();
        strength.forEach((name, value) -> centred.put(name, Math.log(value) - average));
        return centred;
    }
}
