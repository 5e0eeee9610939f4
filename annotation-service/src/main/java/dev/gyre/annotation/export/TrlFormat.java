package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gyre.annotation.export.Lesson.Prompt;
import dev.gyre.annotation.rows.Column;
import dev.gyre.events.SampleDocument.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The columns that TRL's trainers read, and after them where each row comes from.
///
/// @param isConversational whether texts are lists of messages; one file never mixes the two
record TrlFormat(Type type, Lessons lessons, boolean isConversational) implements RowFormat {

    /// TRL's word for the columns.
    enum Type {
        PREFERENCE,
        PROMPT_COMPLETION,
        LANGUAGE_MODELING,
        UNPAIRED
    }

    @Override
    public List<Column> columns() {
        var columns =
                switch (type) {
                    case PREFERENCE ->
                        List.of(text("prompt"), text("chosen"), text("rejected"), Column.integer("strength"));
                    case PROMPT_COMPLETION -> List.of(text("prompt"), text("completion"));
                    case LANGUAGE_MODELING -> List.of(text(isConversational ? "messages" : "text"));
                    case UNPAIRED ->
                        List.of(text("prompt"), text("completion"), new Column("label", Column.Kind.TRUTH));
                };
        return Stream.concat(columns.stream(), Nodes.ORIGIN.stream()).toList();
    }

    private Column text(String name) {
        return isConversational ? Column.messages(name) : Column.text(name);
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        var found =
                switch (type) {
                    case PREFERENCE -> lessons.pairs(dossier);
                    case PROMPT_COMPLETION, LANGUAGE_MODELING -> lessons.completions(dossier);
                    case UNPAIRED -> lessons.verdicts(dossier);
                };
        return found.stream()
                .map(lesson -> Nodes.origin(row(lesson), dossier, lesson.voices()))
                .toList();
    }

    private ObjectNode row(Lesson lesson) {
        var row = Nodes.object();
        switch (lesson) {
            case Lesson.Pair(var prompt, var chosen, var rejected, var strength, var _) -> {
                row.set("prompt", prompt(prompt));
                row.set("chosen", answer(chosen));
                row.set("rejected", answer(rejected));
                row.put("strength", strength);
            }
            case Lesson.Completion(var prompt, var text, var _) when type == Type.LANGUAGE_MODELING -> {
                if (isConversational) {
                    var turns = new ArrayList<>(prompt.turns());
                    turns.add(new Message("assistant", text));
                    row.set("messages", Nodes.messages(turns));
                } else {
                    row.put("text", prompt.text() + text);
                }
            }
            case Lesson.Completion(var prompt, var text, var _) -> {
                row.set("prompt", prompt(prompt));
                row.set("completion", answer(text));
            }
            case Lesson.Verdict(var prompt, var completion, var good, var _) -> {
                row.set("prompt", prompt(prompt));
                row.set("completion", answer(completion));
                row.put("label", good);
            }
        }
        return row;
    }

    private JsonNode prompt(Prompt prompt) {
        return isConversational ? Nodes.messages(prompt.turns()) : TextNode.valueOf(prompt.text());
    }

    private JsonNode answer(String text) {
        return isConversational ? Nodes.messages(List.of(new Message("assistant", text))) : TextNode.valueOf(text);
    }
}
