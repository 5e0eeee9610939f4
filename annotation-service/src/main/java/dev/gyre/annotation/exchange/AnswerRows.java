package dev.gyre.annotation.exchange;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.project.QuestionKind;
import dev.gyre.events.SampleDocument;
import dev.gyre.events.SampleDocument.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows of one answer, or of none: TRL's, Alpaca's and ShareGPT's. The answer is the known good one of the task, and a
/// demonstration where people are asked for that; of an answer with a verdict the task is to judge it.
record AnswerRows(Question question) implements RowReading {

    @Override
    public Draft read(ObjectNode row) {
        if (row.has("label")) {
            return draft(row, prompt(row), null, List.of(completion(row)), List.of());
        }
        if (row.has("conversations") || row.has("messages")) {
            return conversational(row);
        }
        if (row.has("instruction")) {
            return answered(row, instruction(row), Fields.require(row, "output"));
        }
        if (row.has("text")) {
            return draft(row, List.of(new Message("user", Fields.require(row, "text"))), null, List.of(), List.of());
        }
        return row.has("completion")
                ? answered(row, prompt(row), completion(row))
                : draft(row, prompt(row), null, List.of(), List.of());
    }

    private Draft conversational(ObjectNode row) {
        var turns = row.has("conversations") ? conversation(row) : Fields.messages(Fields.conversation(row, "messages"));
        return turns.size() > 1 && turns.getLast().role().equals("assistant")
                ? answered(
                        row,
                        turns.subList(0, turns.size() - 1),
                        turns.getLast().content())
                : draft(row, turns, null, List.of(), List.of());
    }

    private Draft answered(ObjectNode row, List<Message> turns, String answer) {
        if (!(question.kind() instanceof QuestionKind.Demonstration)) {
            return draft(row, turns, answer, List.of(), List.of());
        }
        var annotators = Fields.nested(row, "annotators");
        var given = new Given(
                annotators.size() == 1 ? annotators.get(0).asText() : null,
                Map.of(question.name(), JsonNodeFactory.instance.objectNode().put("text", answer)));
        return draft(row, turns, null, List.of(), List.of(given));
    }

    private static Draft draft(
            ObjectNode row,
            List<Message> turns,
            @Nullable String completion,
            List<String> candidates,
            List<Given> given) {
        SampleDocument document = Fields.document(turns, completion, candidates);
        return new Draft(Fields.text(row, "id"), Fields.text(row, "slice"), document, given);
    }

    private static List<Message> prompt(ObjectNode row) {
        var messages = Fields.conversation(row, "prompt");
        return messages.isArray()
                ? Fields.messages(messages)
                : List.of(new Message("user", Fields.require(row, "prompt")));
    }

    private static String completion(ObjectNode row) {
        var messages = Fields.conversation(row, "completion");
        return messages.isArray() && !messages.isEmpty()
                ? Fields.messages(messages).getLast().content()
                : Fields.require(row, "completion");
    }

    /// The turns before an answer to an instruction.
    static List<Message> instruction(ObjectNode row) {
        var turns = new ArrayList<Message>();
        Fields.find(row, "system")
                .filter(system -> !system.isBlank())
                .ifPresent(system -> turns.add(new Message("system", system)));
        for (var exchange : row.path("history")) {
            turns.add(new Message("user", exchange.path(0).asText()));
            turns.add(new Message("assistant", exchange.path(1).asText()));
        }
        var input = Fields.find(row, "input").filter(text -> !text.isBlank());
        turns.add(new Message(
                "user",
                Fields.require(row, "instruction") + input.map(text -> "\n" + text).orElse("")));
        return turns;
    }

    static List<Message> conversation(ObjectNode row) {
        var turns = new ArrayList<Message>();
        Fields.find(row, "system")
                .filter(system -> !system.isBlank())
                .ifPresent(system -> turns.add(new Message("system", system)));
        turns.addAll(Fields.messages(row.path("conversations")));
        return turns;
    }
}
