package dev.gyre.annotation.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.annotation.reliability.Vote;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoubtsTest {

    /// Of six votes three say x and three y: 12 of 30 ordered pairs are the same, so chance disagrees with 0.6.
    @Test
    void disagreementIsTakenOverThatOfChance() {
        var doubts = Doubts.of(List.of(
                new Vote("one", "ann", "x"),
                new Vote("one", "bob", "x"),
                new Vote("two", "ann", "x"),
                new Vote("two", "bob", "y"),
                new Vote("three", "ann", "y"),
                new Vote("three", "bob", "y"),
                new Vote("four", "ann", "y")));

        assertThat(doubts).containsOnlyKeys("one", "two", "three");
        assertThat(doubts.get("two")).isCloseTo(1 / 0.6, within(0.02));
        assertThat(doubts.get("one")).isZero();
        assertThat(doubts.get("three")).isZero();
    }

    @Test
    void contradictionOfSomebodyWhoDoesNotLookIsLessInDoubt() {
        var votes = new ArrayList<Vote>();
        for (int task = 0; task < 60; task++) {
            var truth = task % 3 == 0 ? "x" : task % 3 == 1 ? "y" : "z";
            votes.add(new Vote("t" + task, "ann", truth));
            votes.add(new Vote("t" + task, "bob", truth));
            votes.add(new Vote("t" + task, "spam", "x"));
        }
        votes.add(new Vote("spam against ann", "ann", "y"));
        votes.add(new Vote("spam against ann", "spam", "x"));
        votes.add(new Vote("bob against ann", "ann", "y"));
        votes.add(new Vote("bob against ann", "bob", "x"));

        var doubts = Doubts.of(votes);

        assertThat(doubts.get("bob against ann")).isGreaterThan(2 * doubts.getOrDefault("spam against ann", 1.0));
        assertThat(doubts.get("spam against ann")).isPositive();
        assertThat(doubts.get("t0")).isZero();
    }

    @Test
    void whereNobodyDisagreesNothingIsInDoubt() {
        assertThat(Doubts.of(List.of(new Vote("one", "ann", "x"), new Vote("one", "bob", "x"))))
                .containsEntry("one", 0.0);
        assertThat(Doubts.of(List.of(new Vote("one", "ann", "x")))).isEmpty();
        assertThat(Doubts.of(List.of())).isEmpty();
    }
}
