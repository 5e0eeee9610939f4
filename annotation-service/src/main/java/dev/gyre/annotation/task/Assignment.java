package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Question;
import java.time.Instant;
import java.util.List;

/// A task in the hands of one person.
///
/// @param candidates as they are to be shown, left to right
/// @param lease what the judgement has to name
public record Assignment(
        String task,
        String project,
        String externalId,
        String prompt,
        List<Shown> candidates,
        String lease,
        Instant leaseExpires,
        Question question) {

    public Assignment {
        candidates = List.copyOf(candidates);
    }

    /// @param original place in the order of the source, from 0
    public record Shown(String id, int original, String text) {}
}
