package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Project;
import dev.gyre.artifacts.Digests;
import dev.gyre.events.Annotator;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The order in which one person sees the candidates of a task: always the same for them, another for others.
final class ShownOrder {

    private ShownOrder() {}

    /// As the project wants it: the order of the source, or one of its own for each person and task.
    static List<String> of(Project project, Annotator annotator, String task, List<String> candidates) {
        return project.shuffleSides() ? of(task, annotator.pseudonym(), candidates) : candidates;
    }

    /// A permutation drawn by the SHA-256 of task and annotator, every one equally likely.
    static List<String> of(String task, String annotator, List<String> candidates) {
        var digest = Digests.sha256((task + "/" + annotator).getBytes(StandardCharsets.UTF_8));
        var dice = new BigInteger(digest, 16);
        var left = new ArrayList<>(candidates);
        var shown = new ArrayList<String>();
        while (!left.isEmpty()) {
            var drawn = dice.divideAndRemainder(BigInteger.valueOf(left.size()));
            shown.add(left.remove(drawn[1].intValue()));
            dice = drawn[0];
        }
        return shown;
    }
}
