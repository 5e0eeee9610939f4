package dev.gyre.annotation.exchange;

import dev.gyre.annotation.annotator.Annotators;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.exchange.Report.Counting;
import dev.gyre.annotation.exchange.Report.Understood;
import dev.gyre.annotation.judgement.Judgements;
import dev.gyre.annotation.judgement.Judgements.Elsewhere;
import dev.gyre.annotation.task.Tasks;
import dev.gyre.annotation.task.Tasks.Brought;
import dev.gyre.annotation.task.Tasks.Kept;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes rows in, or looks what would become of them. The same row twice is one task, and one judgement of each person.
@ApplicationScoped
class ImportStore {

    /// How many samples of a file a preview remembers; beyond them it takes a row that comes again for a new task.
    private static final int MOST_SEEN = 100_000;

    private final Tasks tasks;
    private final Judgements judgements;
    private final Annotators annotators;

    ImportStore(Tasks tasks, Judgements judgements, Annotators annotators) {
        this.tasks = tasks;
        this.judgements = judgements;
        this.annotators = annotators;
    }

    /// Why a row cannot be taken in.
    Optional<String> refusal(Order order, Draft draft) {
        try {
            for (var given : order.given(draft)) {
                order.kind(given);
                judgements.check(order.project(), draft.document(), given.answers());
            }
            return tasks.refusal(order.project(), draft.document());
        } catch (IllegalArgumentException wrong) {
            return Optional.of(String.valueOf(wrong.getMessage()));
        }
    }

    /// Counts what rows would become.
    ///
    /// @param seen the samples of the rows before these, to which theirs are added
    void preview(Order order, List<Understood> rows, Set<String> seen, Counting counting) {
        var samples = new LinkedHashMap<Understood, String>();
        rows.forEach(row ->
                samples.put(row, tasks.sample(order.project(), row.draft().document())));
        var known = tasks.known(order.project(), new HashSet<>(samples.values()));
        samples.forEach((row, sample) -> counting.task(
                isFirst(sample, seen) && !known.contains(sample),
                order.given(row.draft()).size()));
    }

    private static boolean isFirst(String sample, Set<String> seen) {
        return seen.size() < MOST_SEEN ? seen.add(sample) : !seen.contains(sample);
    }

    /// Keeps texts before the transaction, which then is short.
    List<Kept> keep(Order order, List<Understood> rows) {
        return tasks.keep(
                order.project(),
                rows.stream()
                        .map(row ->
                                new Brought(row.id(), row.slice(), row.draft().document()))
                        .toList());
    }

    /// Adds tasks and judgements in one transaction.
    @Transactional
    void take(Order order, List<Understood> rows, List<Kept> kept, Counting counting) {
        for (int at = 0; at < rows.size(); at++) {
            var row = rows.get(at);
            var added = tasks.add(order.project(), kept.get(at));
            int said = 0;
            for (var given : order.given(row.draft())) {
                try {
                    said += record(order, added.task(), row.draft(), given) ? 1 : 0;
                } catch (IllegalArgumentException wrong) {
                    counting.refuse(row.number(), String.valueOf(wrong.getMessage()));
                }
            }
            counting.task(added.isNew(), said);
        }
    }

    private boolean record(Order order, String task, Draft draft, Given given) {
        var annotator =
                annotators.of(order.project().workspace(), order.annotator(given), order.kind(given));
        return judgements.record(
                order.project(),
                task,
                draft.document(),
                new Elsewhere(annotator, given.answers(), given.comment(), given.activeMillis()));
    }
}
