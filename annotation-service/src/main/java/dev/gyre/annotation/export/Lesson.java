package dev.gyre.annotation.export;

import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.events.SampleDocument.Message;
import java.util.List;

/// What a model can learn from a judged task.
sealed interface Lesson {

    Prompt prompt();

    /// Those who said so, or who were asked together.
    List<Voice> voices();

    /// What an answer is wanted to: a text, and the turns before the answer where it is a conversation.
    record Prompt(String text, List<Message> messages) {

        public Prompt {
            messages = List.copyOf(messages);
        }

        /// As turns of a conversation, of which a text is the first.
        List<Message> turns() {
            return messages.isEmpty() ? List.of(new Message("user", text)) : messages;
        }
    }

    /// One answer is better than another.
    ///
    /// @param strength 1 slightly, 2 better, 3 much better
    record Pair(Prompt prompt, String chosen, String rejected, int strength, List<Voice> voices) implements Lesson {}

    /// A good answer.
    record Completion(Prompt prompt, String text, List<Voice> voices) implements Lesson {}

    /// An answer that is good or not.
    record Verdict(Prompt prompt, String completion, boolean good, List<Voice> voices) implements Lesson {}
}
