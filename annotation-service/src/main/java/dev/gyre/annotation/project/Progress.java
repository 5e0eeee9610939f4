package dev.gyre.annotation.project;

import java.util.Map;

/// How far the work of a project is.
///
/// @param samples samples that have arrived from the source
/// @param tasks samples that became or may still become a task
/// @param preparing tasks whose candidates are not there yet
/// @param open tasks that still want judgements
/// @param done tasks that have all their judgements
/// @param skipped samples that are no task, by reason
/// @param judgements judgements that stand
/// @param wanted judgements that the project wants in all
/// @param mine judgements of the one who asks
/// @param byAnnotator judgements by pseudonym
public record Progress(
        int samples,
        int tasks,
        int preparing,
        int open,
        int done,
        Map<String, Integer> skipped,
        int judgements,
        int wanted,
        int mine,
        Map<String, Integer> byAnnotator) {

    public Progress {
        skipped = Map.copyOf(skipped);
        byAnnotator = Map.copyOf(byAnnotator);
    }

    /// The same, as it is told to somebody who has judged so often.
    Progress of(int mine) {
        return new Progress(
                samples, tasks, preparing, open, done, skipped, judgements, wanted, mine, byAnnotator);
    }
}
