package dev.gyre.annotation.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.annotation.reliability.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Twenty tasks, four people of falling care and one who mostly says `a`; drawn once. The reference numbers are those
/// of
/// crowd-kit's algorithms, run in NumPy on the same votes.
class ConsensusTest {

    private static final List<String> SAID = List.of(
            "cbccac..aaacca.caca.",
            "cbccaacaaaacc.cc.acb",
            "cbccbc.aaaacbaa.caab",
            "ccccbbcbaaaababbacbb",
            "aabb.baa..aa.aacbaa.");

    @Test
    void dawidAndSkeneFindTheReferencesPosteriorAndConfusions() {
        var found = DawidSkene.of(votes());

        assertThat(found.shares())
                .hasEntrySatisfying("a", share -> assertThat(share).isCloseTo(0.459318, within(1e-4)))
                .hasEntrySatisfying("b", share -> assertThat(share).isCloseTo(0.208179, within(1e-4)));
        assertPosterior(found.consensus(), 6, 0.169629, 0.180301, 0.650070, 1e-4);
        assertPosterior(found.consensus(), 12, 0.016723, 0.983277, 0, 1e-4);
        assertPosterior(found.consensus(), 19, 0, 1, 0, 1e-4);
        assertSays(found, "a", "a", 0.855100);
        assertSays(found, "b", "c", 0.664798);
        assertSays(found, "c", "c", 0.833333);
        assertWeights(found.consensus(), 1e-4, 0.739631, 0.710300, 0.948207, 0.531667, 0.459318);
    }

    /// Restarts end a little apart from each other, in the reference too: hence the tolerance.
    @Test
    void maceFindsTheReferencesPosteriorAndTheOneWhoDoesNotLook() {
        var found = Mace.of(votes(), 7);

        assertPosterior(found, 4, 0.980136, 0.018603, 0.001260, 0.02);
        assertPosterior(found, 12, 0.001281, 0.018903, 0.979816, 0.02);
        assertPosterior(found, 14, 0.397309, 0.141487, 0.461204, 0.02);
        assertPosterior(found, 17, 0.154397, 0.002980, 0.842623, 0.02);
        assertWeights(found, 0.02, 0.969644, 0.700584, 0.629623, 0.352821, 0.040645);
        assertThat(Mace.of(votes(), 7)).isEqualTo(found);
    }

    @Test
    void majorityIsOutvotedByWeights() {
        var votes = List.of(new Vote("t", "ann", "x"), new Vote("t", "bob", "y"), new Vote("t", "eve", "y"));

        assertThat(MajorityVote.of(votes).beliefs().getFirst()).satisfies(belief -> {
            assertThat(belief.value()).isEqualTo("y");
            assertThat(belief.probability()).isCloseTo(2 / 3.0, within(1e-12));
        });
        assertThat(MajorityVote.weighted(votes, Map.of("ann", 0.9, "bob", 0.3, "eve", 0.3))
                        .values())
                .containsEntry("t", "x");
        assertThat(MajorityVote.weighted(votes, Map.of()).values()).containsEntry("t", "y");
    }

    @Test
    void nobodyHasSaidAnythingYet() {
        assertThat(DawidSkene.of(List.of()).consensus().beliefs()).isEmpty();
        assertThat(Mace.of(List.of(), 1).beliefs()).isEmpty();
        assertThat(MajorityVote.of(List.of()).beliefs()).isEmpty();
    }

    @Test
    void digammaIsThatOfScipy() {
        assertThat(Digamma.of(0.5)).isCloseTo(-1.9635100260214235, within(1e-12));
        assertThat(Digamma.of(1)).isCloseTo(-0.5772156649015329, within(1e-12));
        assertThat(Digamma.of(3.7)).isCloseTo(1.1671535393615113, within(1e-12));
        assertThat(Digamma.of(12)).isCloseTo(2.4426616799758123, within(1e-12));
    }

    private static void assertSays(DawidSkene found, String truth, String said, double share) {
        var first = found.confusions().getOrDefault("0", Map.of()).getOrDefault(truth, Map.of());
        assertThat(first.get(said)).isCloseTo(share, within(1e-4));
    }

    private static void assertPosterior(Consensus found, int task, double a, double b, double c, double tolerance) {
        var belief = found.beliefs().stream()
                .filter(one -> one.task().equals("task-" + task))
                .findFirst()
                .orElseThrow();
        assertThat(belief.posterior().get("a")).isCloseTo(a, within(tolerance));
        assertThat(belief.posterior().get("b")).isCloseTo(b, within(tolerance));
        assertThat(belief.posterior().get("c")).isCloseTo(c, within(tolerance));
    }

    private static void assertWeights(Consensus found, double tolerance, double... weights) {
        assertThat(found.weights()).hasSize(weights.length);
        for (int annotator = 0; annotator < weights.length; annotator++) {
            assertThat(found.weights().get(String.valueOf(annotator))).isCloseTo(weights[annotator], within(tolerance));
        }
    }

    private static List<Vote> votes() {
        var votes = new ArrayList<Vote>();
        for (int annotator = 0; annotator < SAID.size(); annotator++) {
            var said = SAID.get(annotator);
            for (int task = 0; task < said.length(); task++) {
                if (said.charAt(task) != '.') {
                    votes.add(new Vote("task-" + task, String.valueOf(annotator), said.substring(task, task + 1)));
                }
            }
        }
        return votes;
    }
}
