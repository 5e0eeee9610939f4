package dev.gyre.eval.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.events.DatasetEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LabelFiguresTest {

    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(200, 1);

    /// People gave 6 ham, 3 spam and 1 ad; the candidate takes one spam for ham and the ad for spam.
    private static final List<String> LABELS =
            List.of("ham", "ham", "ham", "ham", "ham", "ham", "spam", "spam", "spam", "ad");

    private static final List<String> GUESSES =
            List.of("ham", "ham", "ham", "ham", "ham", "ham", "spam", "spam", "ham", "spam");

    @Test
    void figuresEqualThoseWorkedByHand() {
        var figures = suite(GUESSES, null).comparisons(BOOTSTRAP);

        assertThat(figures)
                .extracting(figure -> figure.slice() + " " + figure.metric().id() + " " + figure.rows())
                .containsExactly(
                        "all accuracy 10",
                        "all macro-f1 10",
                        "label=ad accuracy 1",
                        "label=ham accuracy 6",
                        "label=spam accuracy 3");
        assertThat(figures.get(0).candidate()).isCloseTo(0.8, within(1e-12));
        assertThat(figures.get(0).baseline()).isCloseTo(0.6, within(1e-12));
        // ham: 2·6/(6+7), spam: 2·2/(3+3), ad: 0
        assertThat(figures.get(1).candidate()).isCloseTo((12.0 / 13 + 4.0 / 6 + 0) / 3, within(1e-12));
        assertThat(figures.get(1).baseline()).isCloseTo(12.0 / 16 / 3, within(1e-12));
        assertThat(figures.get(4).candidate()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(figures.get(4).baseline()).isNull();
        assertThat(figures).allSatisfy(figure -> assertThat(figure.paired()).isNull());
    }

    @Test
    void aChampionThatDoesNotKnowALabelIsWrongOnItsRows() {
        var champion = List.of("ham", "ham", "ham", "ham", "ham", "ham", "ham", "ham", "ham", "ham");

        var figures = suite(GUESSES, champion).comparisons(BOOTSTRAP);

        var accuracy = Objects.requireNonNull(figures.get(0).paired());
        assertThat(accuracy.champion()).isCloseTo(0.6, within(1e-12));
        assertThat(accuracy.difference()).isCloseTo(0.2, within(1e-12));
        assertThat(accuracy.signTest()).isCloseTo(0.5, within(1e-9)); // 2 of 2 rows went up
        var f1 = Objects.requireNonNull(figures.get(1).paired());
        assertThat(f1.champion()).isCloseTo(12.0 / 16 / 3, within(1e-12));
        assertThat(f1.champion() + f1.difference()).isCloseTo(figures.get(1).candidate(), within(1e-12));
        assertThat(f1.low()).isLessThan(f1.difference());
        assertThat(f1.high()).isGreaterThan(f1.difference());
    }

    @Test
    void theCommonestGuessAlwaysSaysTheCommonestLabel() {
        var rows = new ArrayList<RowScores>();
        LABELS.forEach(label -> rows.add(new RowScores.Guess(label, "", 0)));

        assertThat(LabelFigures.commonestGuesses(rows))
                .hasSize(10)
                .allSatisfy(row -> assertThat(LabelFigures.guess(row).guess()).isEqualTo("ham"));
    }

    private static MeasuredSuite suite(List<String> candidate, @Nullable List<String> champion) {
        var rows = new ArrayList<MeasuredRow>();
        for (int i = 0; i < LABELS.size(); i++) {
            var label = LABELS.get(i);
            rows.add(new MeasuredRow(
                    i + 1,
                    "t" + i,
                    "none",
                    i,
                    new RowScores.Guess(label, candidate.get(i), 0.5),
                    champion == null ? null : new RowScores.Guess(label, champion.get(i), 0.5)));
        }
        return new MeasuredSuite("d", "comments", Kind.LABEL, rows.size(), rows);
    }
}
