package dev.gyre.eval.probation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.eval.probation.Look.Finding;
import dev.gyre.eval.probation.Probation.State;
import dev.gyre.eval.probation.ProbationRule.Rated;
import dev.gyre.events.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProbationRuleTest {

    private static final ProbationRule RULE = new ProbationRule(List.of(25, 50, 100, 200), 200, 25, 0.01, 0.1);
    private static final ModelVersion CHAMPION = new ModelVersion("desk", 3);
    private static final ModelVersion PREDECESSOR = new ModelVersion("desk", 2);

    @Test
    void championThatIsWorseFallsShortAtTheFirstLook() {
        var look = look(1, ratings("talk", 10, 25), ratings("talk", 20, 200));

        assertThat(look.finding()).isEqualTo(Finding.WORSE);
        assertThat(look.champion()).isEqualTo(new Share(10, 25));
        assertThat(look.alpha()).isEqualTo(0.0025);
        assertThat(look.reason())
                .startsWith("10 of 25 ratings of desk@3 are bad, 20 of 200 of desk@2 on the same slices: +30.0 points"
                        + " (10.0 or more count), p = 0.000");
        assertThat(RULE.state(List.of(look))).isEqualTo(State.FELL_SHORT);
    }

    @Test
    void lookTakesTheFirstRatingsOnly() {
        var ratings = Stream.concat(ratings("talk", 0, 25).stream(), ratings("talk", 25, 25).stream())
                .toList();

        assertThat(look(1, ratings, ratings("talk", 0, 30)).champion()).isEqualTo(new Share(0, 25));
        assertThat(look(2, ratings, ratings("talk", 0, 30)).champion()).isEqualTo(new Share(25, 50));
    }

    @Test
    void whatIsCertainAndSmallDoesNotCount() {
        var look = look(4, ratings("talk", 15, 200), ratings("talk", 1, 200));

        assertThat(look.pValue()).isLessThan(0.0025);
        assertThat(look.excess()).isLessThan(0.1);
        assertThat(look.finding()).isEqualTo(Finding.NOT_WORSE);
    }

    @Test
    void slicesThatOnlyOneWasRatedOnAreLeftOut() {
        var champion = Stream.concat(ratings("old", 0, 15).stream(), ratings("new", 10, 10).stream())
                .toList();
        var predecessor = Stream.concat(ratings("old", 0, 40).stream(), ratings("gone", 40, 40).stream())
                .toList();

        var look = look(1, champion, predecessor);

        assertThat(look.champion()).isEqualTo(new Share(0, 15));
        assertThat(look.predecessor()).isEqualTo(new Share(0, 40));
        assertThat(look.leftOut()).containsExactly("gone", "new");
        assertThat(look.finding()).isEqualTo(Finding.NOT_WORSE);
    }

    @Test
    void otherSlicesAndFewRatingsCannotBeCompared() {
        var elsewhere = look(1, ratings("new", 25, 25), ratings("old", 0, 100));
        var hardlyRated = look(1, ratings("talk", 25, 25), ratings("talk", 0, 24));

        assertThat(elsewhere.finding()).isEqualTo(Finding.NOT_COMPARABLE);
        assertThat(elsewhere.reason())
                .isEqualTo("only 0 of 25 ratings of desk@3 are on slices on which desk@2 was rated too");
        assertThat(hardlyRated.finding()).isEqualTo(Finding.NOT_COMPARABLE);
        assertThat(hardlyRated.reason())
                .isEqualTo("desk@2 has 24 ratings on slices on which desk@3 is rated, must be 25 or more");
        assertThat(RULE.state(List.of(elsewhere))).isEqualTo(State.OPEN);
        assertThat(RULE.state(List.of(elsewhere, elsewhere, elsewhere, hardlyRated)))
                .isEqualTo(State.NOT_COMPARABLE);
    }

    @Test
    void championThatHeldOutToTheLastLookHasPassed() {
        var everyTenth = IntStream.range(0, 200)
                .mapToObj(i -> new Rating("talk", i % 10 == 0))
                .toList();

        var looks = IntStream.rangeClosed(1, 4)
                .mapToObj(number -> look(number, everyTenth, everyTenth))
                .toList();

        assertThat(RULE.state(looks.subList(0, 3))).isEqualTo(State.OPEN);
        assertThat(RULE.state(looks)).isEqualTo(State.PASSED);
    }

    /// Slices differ in difficulty and the champion is asked the hard ones, which alone would damn it.
    @Test
    void championAsGoodAsItsPredecessorIsHardlyEverCalledWorse() {
        var world = new World(new SplittableRandom(11), new double[] {0.1, 0.3, 0.6});
        var easy = new double[] {0.6, 0.3, 0.1};
        var hard = new double[] {0.2, 0.3, 0.5};

        var alarms = 0;
        var alarmsWithoutSlices = 0;
        for (var i = 0; i < 2000; i++) {
            var champion = world.ratings(200, hard, 0);
            var predecessor = world.ratings(200, easy, 0);
            alarms += outcome(champion, predecessor) == State.FELL_SHORT ? 1 : 0;
            alarmsWithoutSlices += outcome(merged(champion), merged(predecessor)) == State.FELL_SHORT ? 1 : 0;
        }

        assertThat(alarms).isLessThanOrEqualTo(20);
        assertThat(alarmsWithoutSlices).isGreaterThan(1000);
    }

    @Test
    void championThatIsAThirdWorseIsNearlyAlwaysNoticed() {
        var world = new World(new SplittableRandom(12), new double[] {0.1, 0.2, 0.3});
        var mix = new double[] {0.4, 0.4, 0.2};

        var noticed = 0;
        for (var i = 0; i < 500; i++) {
            noticed += outcome(world.ratings(200, mix, 0.3), world.ratings(200, mix, 0)) == State.FELL_SHORT ? 1 : 0;
        }

        assertThat(noticed).isGreaterThan(490);
    }

    @Test
    void settingsOutOfBoundsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProbationRule(List.of(50, 25), 200, 25, 0.01, 0.1))
                .withMessage("looks are [50, 25], must be rising numbers from 1 on");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProbationRule(List.of(25), 20, 25, 0.01, 0.1))
                .withMessage("minimum is 25, must be from 1 to 20");
    }

    private static State outcome(List<Rating> champion, List<Rating> predecessor) {
        var looks = new ArrayList<Look>();
        var state = State.OPEN;
        while (state == State.OPEN) {
            looks.add(look(looks.size() + 1, champion, predecessor));
            state = RULE.state(looks);
        }
        return state;
    }

    private static Look look(int number, List<Rating> champion, List<Rating> predecessor) {
        return RULE.look(number, new Rated(CHAMPION, champion), new Rated(PREDECESSOR, predecessor));
    }

    private static List<Rating> ratings(String slice, int bad, int all) {
        return IntStream.range(0, all).mapToObj(i -> new Rating(slice, i < bad)).toList();
    }

    private static List<Rating> merged(List<Rating> ratings) {
        return ratings.stream().map(one -> new Rating("all", one.bad())).toList();
    }

    /// @param bad how often an answer on each slice is bad
    private record World(SplittableRandom random, double[] bad) {

        /// @param mix how often each slice is asked
        List<Rating> ratings(int count, double[] mix, double worse) {
            return IntStream.range(0, count)
                    .mapToObj(_ -> {
                        var draw = random.nextDouble();
                        var slice = draw < mix[0] ? 0 : draw < mix[0] + mix[1] ? 1 : 2;
                        return new Rating("slice-" + slice, random.nextDouble() < bad[slice] + worse);
                    })
                    .toList();
        }
    }
}
