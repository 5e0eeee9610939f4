package dev.gyre.annotation.quality;

import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.consensus.BradleyTerry;
import dev.gyre.annotation.consensus.CrowdBradleyTerry;
import dev.gyre.annotation.consensus.Duel;
import dev.gyre.annotation.quality.QualityReport.Writer;
import dev.gyre.events.Candidate;
import dev.gyre.events.ModelVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The models whose answers were compared, by how often they won.
final class Writers {

    /// A game against an unseen model keeps one that never loses from being infinitely strong.
    private static final double PRIOR = 1;

    private Writers() {}

    /// @param tasks by id
    static List<Writer> of(List<Answer> answers, Map<String, Asked> tasks) {
        var duels = new ArrayList<Duel>();
        for (var answer : answers) {
            var task = tasks.get(answer.task());
            if (task != null && task.candidates().size() == 2 && !Majority.BAD.equals(answer.value())) {
                add(duels, answer, task.candidates());
            }
        }
        var comparisons = new TreeMap<String, Integer>();
        for (var duel : duels) {
            comparisons.merge(duel.first(), 1, Integer::sum);
            comparisons.merge(duel.second(), 1, Integer::sum);
        }
        var plain = BradleyTerry.of(duels, PRIOR);
        var weighted = CrowdBradleyTerry.of(duels, PRIOR).strengths();
        return comparisons.entrySet().stream()
                .map(entry -> new Writer(
                        entry.getKey(),
                        entry.getValue(),
                        plain.getOrDefault(entry.getKey(), 0.0),
                        weighted.getOrDefault(entry.getKey(), 0.0)))
                .sorted(Comparator.comparingDouble(Writer::weighted).reversed())
                .toList();
    }

    private static void add(List<Duel> duels, Answer answer, List<Candidate> candidates) {
        var first = name(candidates.getFirst().model());
        var second = name(candidates.getLast().model());
        if (first != null && second != null && !first.equals(second)) {
            double points = answer.strength() == 0 ? 0.5 : answer.strength() < 0 ? 1 : 0;
            duels.add(new Duel(first, second, answer.annotator(), points));
        }
    }

    private static @Nullable String name(@Nullable ModelVersion model) {
        return model == null ? null : model.toString();
    }
}
