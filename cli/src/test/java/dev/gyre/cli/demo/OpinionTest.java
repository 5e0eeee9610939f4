package dev.gyre.cli.demo;

import dev.gyre.cli.scenario.Scenario;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OpinionTest {

    private static final int MANY = 5000;

    @Test
    void aSimulatedAnnotatorSeesTheBetterAnswerAsOftenAsItsReliabilitySays() {
        var rows = qualities();
        for (var reliability : List.of(0.95, 0.8, 0.6, 1.0)) {
            var opinion = Opinion.of(simulated("sim-1", reliability), rows);

            var right = LongStream.rangeClosed(1, MANY)
                    .filter(row -> opinion.of(row) instanceof Decision.Prefer(int choice, int _) && choice == row % 2)
                    .count();

            assertThat(right / (double) MANY).isCloseTo(reliability, within(0.02));
        }
    }

    @Test
    void theSameAnnotatorSaysTheSameOfARowAndAnotherErrsElsewhere() {
        var rows = qualities();
        var first = decisions(Opinion.of(simulated("sim-1", 0.6), rows));

        assertThat(decisions(Opinion.of(simulated("sim-1", 0.6), rows))).isEqualTo(first);
        assertThat(decisions(Opinion.of(simulated("sim-2", 0.6), rows))).isNotEqualTo(first);
    }

    @Test
    void shuffledDecisionsAreTheSameOnesOnOtherRows() {
        var opinion = Opinion.of(simulated("sim-1", 0.9), qualities());
        var numbers = LongStream.rangeClosed(1, MANY).boxed().toList();

        var shuffled = decisions(Opinion.shuffled(opinion, numbers, 7));

        assertThat(shuffled)
                .containsExactlyInAnyOrderElementsOf(decisions(opinion))
                .isNotEqualTo(decisions(opinion));
        assertThat(agreement(shuffled, decisions(opinion))).isCloseTo(0.5, within(0.05));
    }

    @Test
    void flippedDecisionsAreTheOppositeOnTheSameRows() {
        var opinion = Opinion.of(simulated("sim-1", 0.9), qualities());

        var flipped = decisions(Opinion.flipped(opinion, List.of()));

        assertThat(agreement(flipped, decisions(opinion))).isZero();
        assertThat(decisions(Opinion.flipped(Opinion.flipped(opinion, List.of()), List.of())))
                .isEqualTo(decisions(opinion));
        assertThat(Opinion.flipped(row -> new Decision.Label("spam"), List.of("ham", "spam"))
                        .of(1))
                .isEqualTo(new Decision.Label("ham"));
        assertThat(Opinion.flipped(row -> new Decision.Tie(), List.of()).of(1)).isEqualTo(new Decision.Tie());
    }

    @Test
    void aRecordedChoiceIsReplayedByItsMeaning() throws Exception {
        var rows = new Rows(Map.of(1L, json("{\"a\": 2}"), 2L, json("{\"a\": 0}"), 3L, json("{\"a\": 9}")));
        var judge =
                new Scenario.Judge("ann", null, "a", null, Map.of("1", "first", "2", "second", "0", "tie"), null, List.of());
        var opinion = Opinion.of(judge, rows);

        assertThat(opinion.of(1)).isEqualTo(new Decision.Prefer(1, 2));
        assertThat(opinion.of(2)).isEqualTo(new Decision.Tie());
        assertThatIllegalArgumentException().isThrownBy(() -> opinion.of(3)).withMessageContaining("holds '9'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> opinion.of(4))
                .withMessageContaining("row 4 has no column 'a'");
    }

    private static double agreement(List<Decision> some, List<Decision> others) {
        int same = 0;
        for (int row = 0; row < some.size(); row++) {
            same += some.get(row).equals(others.get(row)) ? 1 : 0;
        }
        return same / (double) some.size();
    }

    private static List<Decision> decisions(Opinion opinion) {
        var decisions = new ArrayList<Decision>();
        for (long row = 1; row <= MANY; row++) {
            decisions.add(opinion.of(row));
        }
        return decisions;
    }

    private static Scenario.Judge simulated(String account, double reliability) {
        return new Scenario.Judge(account, null, null, null, Map.of(), reliability, List.of("q_a", "q_b"));
    }

    /// In odd rows the second answer is better.
    private static Rows qualities() {
        var rows = new HashMap<Long, JsonNode>();
        for (long row = 1; row <= MANY; row++) {
            rows.put(
                    row,
                    new ObjectMapper()
                            .createObjectNode()
                            .put("q_a", row % 2 == 0 ? 0.9 : 0.5)
                            .put("q_b", 0.7));
        }
        return new Rows(rows);
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
