package dev.gyre.annotation.quality;

import dev.gyre.annotation.consensus.Consensus;
import dev.gyre.annotation.consensus.DawidSkene;
import dev.gyre.annotation.consensus.Mace;
import dev.gyre.annotation.consensus.MajorityVote;
import dev.gyre.annotation.reliability.Reliability;
import dev.gyre.annotation.reliability.Vote;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Works out how good the judgements are.
final class Assessment {

    private static final long SEED = 1;

    private final Material material;
    private final Settings settings;
    private final List<Vote> votes;
    private final Map<String, Asked> tasks;

    private Assessment(Material material, Settings settings) {
        this.material = material;
        this.settings = settings;
        this.votes = material.answers().stream().flatMap(Assessment::vote).toList();
        this.tasks = material.tasks().stream().collect(Collectors.toMap(Asked::id, Function.identity()));
    }

    /// @param draws how often units are drawn for an interval
    /// @param fewestProbes answers to gold questions, or repeats, without which no share is shown
    /// @param fewestJudgements without which nothing is remarked about an annotator
    record Settings(int draws, ReadingFloor floor, int fewestProbes, int fewestJudgements) {}

    private static Stream<Vote> vote(Answer answer) {
        var vote = answer.vote();
        return vote == null ? Stream.empty() : Stream.of(new Vote(answer.task(), answer.annotator(), vote));
    }

    /// @param isPair whether two answers are compared, so that strengths are a scale
    static QualityReport of(Material material, boolean isPair, Settings settings) {
        long begun = System.nanoTime();
        var assessment = new Assessment(material, settings);
        var dawidSkene = DawidSkene.of(assessment.votes).consensus();
        var mace = Mace.of(assessment.votes, SEED);
        var report = new QualityReport(
                material.answers().size(),
                assessment.overlapping(),
                Coefficients.of(material.answers(), isPair, settings.draws()),
                Coefficients.pairs(assessment.votes),
                Methods.compare(assessment.consensuses(dawidSkene, mace)),
                Writers.of(material.answers(), assessment.tasks),
                assessment.annotators(dawidSkene, mace),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                0);
        return report.after((System.nanoTime() - begun) / 1_000_000);
    }

    private int overlapping() {
        return (int) votes.stream().collect(Collectors.groupingBy(Vote::task, Collectors.counting())).values().stream()
                .filter(count -> count > 1)
                .count();
    }

    private Map<String, Consensus> consensuses(Consensus dawidSkene, Consensus mace) {
        var consensuses = new LinkedHashMap<String, Consensus>();
        consensuses.put("majority", MajorityVote.of(votes));
        consensuses.put("dawid-skene", dawidSkene);
        consensuses.put("mace", mace);
        consensuses.put("weighted", MajorityVote.weighted(votes, mace.weights()));
        return consensuses;
    }

    private List<AnnotatorQuality> annotators(Consensus dawidSkene, Consensus mace) {
        var reliabilities = new TreeMap<String, Reliability>();
        Reliability.of(votes).forEach(one -> reliabilities.put(one.annotator(), one));
        var kinds = new TreeMap<String, String>();
        material.probes().forEach(probed -> kinds.put(probed.annotator(), probed.annotatorKind()));
        material.answers().forEach(answer -> kinds.put(answer.annotator(), answer.kind()));
        var answers = material.answers().stream().collect(Collectors.groupingBy(Answer::annotator));
        return kinds.entrySet().stream()
                .map(one -> annotator(
                        one.getKey(),
                        one.getValue(),
                        answers.getOrDefault(one.getKey(), List.of()),
                        reliabilities,
                        new Weights(dawidSkene.weights(), mace.weights())))
                .sorted(Comparator.comparingInt(AnnotatorQuality::judged)
                        .reversed()
                        .thenComparing(AnnotatorQuality::annotator))
                .toList();
    }

    private record Weights(Map<String, Double> dawidSkene, Map<String, Double> mace) {}

    private AnnotatorQuality annotator(
            String name, String kind, List<Answer> answers, Map<String, Reliability> reliabilities, Weights weights) {
        var agreement = reliabilities.getOrDefault(name, new Reliability(name, 0, 0, null, null, null, null, null));
        boolean compared = agreement.compared() > 0;
        var habits = Habits.of(answers, tasks, settings.floor());
        var consistent = probed(name, "REPEAT");
        var gold = probed(name, "GOLD");
        return new AnnotatorQuality(
                name,
                kind,
                answers.size(),
                agreement,
                compared ? Share.of(agreement.agreed(), agreement.compared()) : null,
                compared ? weights.dawidSkene().get(name) : null,
                compared ? weights.mace().get(name) : null,
                consistent,
                habits.left(),
                habits.longer(),
                habits.activeMillis(),
                habits.hasty(),
                gold,
                Remarks.of(agreement, answers.size(), settings.fewestJudgements(), habits, consistent, gold));
    }

    private @Nullable Share probed(String annotator, String kind) {
        return material.probes().stream()
                .filter(probed ->
                        probed.annotator().equals(annotator) && probed.kind().equals(kind))
                .filter(probed -> probed.answered() >= settings.fewestProbes())
                .findFirst()
                .map(probed -> Share.of(probed.passed(), probed.answered()))
                .orElse(null);
    }
}
