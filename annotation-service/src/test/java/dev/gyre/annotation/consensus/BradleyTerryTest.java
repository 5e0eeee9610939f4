package dev.gyre.annotation.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BradleyTerryTest {

    /// The cases of choix with their maximum likelihood.
    @Test
    void comparisonsOfTheReferenceGiveItsStrengths() {
        var cycle = List.of(duel("0", "1", 1), duel("1", "2", 1), duel("2", "0", 1));
        var longer = new ArrayList<>(cycle);
        longer.add(duel("0", "1", 1));

        assertStrengths(BradleyTerry.of(cycle, 0), Map.of("0", 0.0, "1", 0.0, "2", 0.0), 1e-8);
        assertStrengths(BradleyTerry.of(longer, 0), Map.of("0", 0.419617624, "1", -0.419617624, "2", 0.0), 1e-8);
    }

    /// Maximum of the likelihood by SciPy.
    @Test
    void tieIsHalfAWinAndAPriorPullsTogether() {
        var duels = List.of(
                duel("a", "b", 1),
                duel("a", "b", 1),
                duel("a", "b", 0),
                duel("a", "c", 1),
                duel("a", "c", 0.5),
                duel("b", "c", 1),
                duel("b", "c", 0),
                duel("b", "c", 0.5),
                duel("c", "d", 1),
                duel("d", "c", 1),
                duel("a", "d", 1),
                duel("b", "d", 0.5));

        assertStrengths(
                BradleyTerry.of(duels, 0), Map.of("a", 0.872711, "b", -0.124358, "c", -0.259729, "d", -0.488624), 1e-5);
        assertStrengths(
                BradleyTerry.of(duels, 1), Map.of("a", 0.743633, "b", -0.124959, "c", -0.227166, "d", -0.391509), 1e-5);
    }

    @Test
    void whoNeverLosesIsNotInfinitelyStrongUnderAPrior() {
        var found = BradleyTerry.of(List.of(duel("a", "b", 1), duel("a", "b", 1)), 1);

        assertThat(found.getOrDefault("a", 0.0) + found.getOrDefault("b", 0.0)).isCloseTo(0, within(1e-9));
        assertThat(found.get("a")).isBetween(0.5, 5.0);
    }

    /// Three annotators compare four things three times each way; the third mostly says the contrary. Maximum of the
    /// posterior by SciPy.
    @Test
    void annotatorWhoSaysTheContraryIsFoundOutAndTheOthersWeighMore() {
        var duels = new ArrayList<Duel>();
        duels.addAll(crowd("x", "101111111111011111"));
        duels.addAll(crowd("y", "110111111011110000"));
        duels.addAll(crowd("z", "100000100000000100"));

        var found = CrowdBradleyTerry.of(duels, 1);

        assertStrengths(found.strengths(), Map.of("a", 1.47182, "b", 0.31529, "c", -1.01083, "d", -0.77628), 2e-3);
        assertThat(found.weights().get("x")).isCloseTo(1, within(2e-2));
        assertThat(found.weights().get("z")).isCloseTo(0.56635, within(2e-3));
        assertThat(BradleyTerry.of(duels, 1).get("a"))
                .isLessThan(found.strengths().get("a"));
    }

    @Test
    void nothingIsComparedWithItself() {
        assertThatThrownBy(() -> duel("a", "a", 1)).hasMessage("a is compared with itself, must be with another");
        assertThatThrownBy(() -> duel("a", "b", 2)).hasMessage("points of a is 2.0, must be 0 to 1");
    }

    private static List<Duel> crowd(String annotator, String won) {
        var duels = new ArrayList<Duel>();
        var names = List.of("a", "b", "c", "d");
        for (int first = 0; first < 4; first++) {
            for (int second = first + 1; second < 4; second++) {
                for (int again = 0; again < 3; again++) {
                    duels.add(new Duel(
                            names.get(first), names.get(second), annotator, won.charAt(duels.size()) == '1' ? 1 : 0));
                }
            }
        }
        return duels;
    }

    private static Duel duel(String first, String second, double points) {
        return new Duel(first, second, "ann", points);
    }

    private static void assertStrengths(Map<String, Double> found, Map<String, Double> wanted, double tolerance) {
        assertThat(found).hasSameSizeAs(wanted);
        wanted.forEach((name, strength) -> assertThat(found.get(name)).as(name).isCloseTo(strength, within(tolerance)));
    }
}
