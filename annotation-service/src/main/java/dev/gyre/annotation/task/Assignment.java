package dev.gyre.annotation.task;

import dev.gyre.annotation.project.Question;
import dev.gyre.events.SampleDocument;
import java.time.Instant;
import java.util.List;

/// A task in the hands of one person.
///
/// @param candidates as they are to be shown, left to right
/// @param lease what the judgement has to name
/// @param question the first of the questions
/// @param schemaVersion version of the questions that this lease is under
/// @param messages the turns of a conversation; empty where the sample is none
/// @param format how the texts are to be read: `text` or `markdown`
public record Assignment(
        String task,
        String project,
        String externalId,
        String prompt,
        List<Shown> candidates,
        String lease,
        Instant leaseExpires,
        Question question,
        List<Question> questions,
        int schemaVersion,
        int guidelineVersion,
        List<SampleDocument.Message> messages,
        String format) {

    public Assignment {
        candidates = List.copyOf(candidates);
        questions = List.copyOf(questions);
        messages = List.copyOf(messages);
    }

    /// @param original place in the order of the source, from 0
    public record Shown(String id, int original, String text) {}
}
