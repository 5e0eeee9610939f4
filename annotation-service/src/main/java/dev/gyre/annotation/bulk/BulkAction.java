package dev.gyre.annotation.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// What is done with many tasks.
sealed interface BulkAction {

    /// Nobody is asked about them any more.
    record Skip(String reason) implements BulkAction {}

    /// They get more answers than they have.
    record Requeue(int more) implements BulkAction {}

    /// They are decided.
    ///
    /// @param answer to the first question, as an annotator gives it
    record Label(JsonNode answer) implements BulkAction {}

    /// Those with more come first.
    record Priority(int priority) implements BulkAction {}

    int MOST_MORE = 20;
    int MOST_PRIORITY = 1000;

    /// @throws IllegalArgumentException saying what would fit
    static BulkAction of(@Nullable String action, @Nullable JsonNode value) {
        return switch (action) {
            case "skip" -> new Skip(value == null || value.isNull() ? "skipped by a manager" : value.asText());
            case "requeue" -> new Requeue(value == null ? 1 : whole("requeue", value, 1, MOST_MORE));
            case "label" -> {
                if (value == null || !value.isObject()) {
                    throw new IllegalArgumentException(
                            "value is %s, must be an answer as annotators give it, such as {\"label\": \"spam\"}"
                                    .formatted(value));
                }
                yield new Label(value);
            }
            case "priority" -> new Priority(whole("priority", value, -MOST_PRIORITY, MOST_PRIORITY));
            case null, default ->
                throw new IllegalArgumentException(
                        "action is '%s', must be skip, requeue, label or priority".formatted(action));
        };
    }

    private static int whole(String action, @Nullable JsonNode value, int least, int most) {
        if (value == null || !value.isInt() || value.asInt() < least || value.asInt() > most) {
            throw new IllegalArgumentException(
                    "value of %s is %s, must be a whole number from %d to %d".formatted(action, value, least, most));
        }
        return value.asInt();
    }

    /// The word that JSON says.
    default String word() {
        return switch (this) {
            case Skip _ -> "skip";
            case Requeue _ -> "requeue";
            case Label _ -> "label";
            case Priority _ -> "priority";
        };
    }

    default String value() {
        return switch (this) {
            case Skip(var reason) -> reason;
            case Requeue(var more) -> Integer.toString(more);
            case Label(var answer) -> answer.toString();
            case Priority(var priority) -> Integer.toString(priority);
        };
    }

    /// Which of the tasks that are meant it can be done with, as a condition on a task `t`.
    default String possible() {
        return switch (this) {
            case Skip _ -> "t.state = 'READY'";
            case Requeue _ -> "t.state = 'DONE'";
            case Label _ ->
                "t.state in ('READY', 'DONE') and not exists (select 1 from ruling r where r.task = t.id)";
            case Priority _ -> "t.state in ('PREPARING', 'ASKING', 'READY')";
        };
    }

    /// How many tasks it may be done with at once: decisions are told one by one.
    default int most() {
        return switch (this) {
            case Skip _, Requeue _, Priority _ -> 100_000;
            case Label _ -> 1000;
        };
    }
}
