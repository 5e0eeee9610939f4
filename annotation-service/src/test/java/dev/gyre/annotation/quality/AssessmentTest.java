package dev.gyre.annotation.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gyre.annotation.quality.Material.Stamp;
import dev.gyre.annotation.quality.QualityReport.Method;
import dev.gyre.annotation.quality.QualityReport.Writer;
import dev.gyre.events.ArtifactRef;
import dev.gyre.events.Candidate;
import dev.gyre.events.ModelVersion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssessmentTest {

    private static final Assessment.Settings SETTINGS = new Assessment.Settings(200, new ReadingFloor(10, 6), 10, 30);

    /// Version 2 stands first in every other task and wins nine of twelve comparisons. With the prior of one game the
    /// distance d of the two solves 9 + ½ = 12 σ(d) + σ(d/2), which is a little less than ln 3.
    @Test
    void modelsAreRankedByWhoWonWhereverItStood() {
        var tasks = new ArrayList<Asked>();
        var answers = new ArrayList<Answer>();
        for (int task = 0; task < 12; task++) {
            boolean swapped = task % 2 == 1;
            boolean newer = task < 9;
            tasks.add(task("t" + task, swapped ? 1 : 2, swapped ? 2 : 1));
            answers.add(answer("t" + task, "ann", newer == swapped ? 1 : -1));
        }

        var writers = report(tasks, answers, List.of()).writers();

        assertThat(writers).extracting(Writer::model).containsExactly("m@2", "m@1");
        assertThat(writers).extracting(Writer::comparisons).containsOnly(12);
        assertThat(writers.getFirst().strength())
                .isCloseTo(-writers.getLast().strength(), within(1e-9))
                .isBetween(0.4, Math.log(3) / 2);
    }

    @Test
    void taskOnWhichTheVotesAreEvenIsOpenToTheMajority() {
        var tasks = List.of(task("t0", 1, 2), task("t1", 1, 2));
        var answers = List.of(
                answer("t0", "ann", 1), answer("t0", "bob", 2), answer("t1", "ann", 1), answer("t1", "bob", -1));

        var majority = report(tasks, answers, List.of()).consensus().getFirst();

        assertThat(majority).isEqualTo(new Method("majority", 1, 1, 0.75, 1.0, Map.of("second", 1)));
    }

    @Test
    void nobodyIsJudgedOnFewerThanTenGoldQuestions() {
        var probes = List.of(
                new Probed("ann", "HUMAN", "GOLD", 9, 0),
                new Probed("bob", "HUMAN", "GOLD", 10, 4),
                new Probed("bob", "HUMAN", "REPEAT", 12, 11));

        var annotators = report(List.of(task("t0", 1, 2)), List.of(answer("t0", "ann", 1)), probes)
                .annotators();

        assertThat(annotators).extracting(AnnotatorQuality::annotator).containsExactly("ann", "bob");
        assertThat(annotators.getFirst().gold()).isNull();
        assertThat(annotators.getLast().gold()).isEqualTo(Share.of(4, 10));
        assertThat(annotators.getLast().consistent()).isEqualTo(Share.of(11, 12));
        assertThat(annotators).allSatisfy(one -> assertThat(one.remarks()).isEmpty());
    }

    @Test
    void nothingIsSaidOfNoJudgements() {
        var report = report(List.of(), List.of(), List.of());

        assertThat(report.annotators()).isEmpty();
        assertThat(report.coefficients())
                .allSatisfy(one -> assertThat(one.estimate()).isNull());
    }

    private static QualityReport report(List<Asked> tasks, List<Answer> answers, List<Probed> probes) {
        return Assessment.of(new Material(new Stamp(0, 0, 0), tasks, answers, probes), true, SETTINGS);
    }

    private static Answer answer(String task, String annotator, int strength) {
        return new Answer(task, annotator, "HUMAN", strength < 0 ? "A" : "B", strength, "A", 0);
    }

    private static Asked task(String id, int first, int second) {
        return new Asked(id, List.of(candidate("A", first), candidate("B", second)), 100);
    }

    private static Candidate candidate(String id, int version) {
        return new Candidate(id, new ModelVersion("m", version), new ArtifactRef(URI.create("s3://b/" + id), id, 10));
    }
}
