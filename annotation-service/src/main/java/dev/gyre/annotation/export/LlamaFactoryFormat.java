package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.export.Lesson.Completion;
import dev.gyre.annotation.export.Lesson.Pair;
import dev.gyre.annotation.rows.Column;
import dev.gyre.events.SampleDocument.Message;
import java.util.ArrayList;
import java.util.List;

/// The columns of Alpaca and of ShareGPT, as LLaMA-Factory reads them.
///
/// @param isChat ShareGPT, otherwise Alpaca
/// @param isPreference pairs, otherwise good answers
record LlamaFactoryFormat(Lessons lessons, boolean isChat, boolean isPreference) implements RowFormat {

    @Override
    public List<Column> columns() {
        return List.of();
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        var lessonsOf = isPreference ? lessons.pairs(dossier) : lessons.completions(dossier);
        var rows = new ArrayList<ObjectNode>();
        for (var lesson : lessonsOf) {
            var turns = lesson.prompt().turns();
            if (alternates(withoutSystem(turns))) {
                rows.add(isChat ? chat(lesson, turns) : alpaca(lesson, turns));
            }
        }
        return rows;
    }

    /// User and assistant in turn, the user first and last.
    private static boolean alternates(List<Message> turns) {
        for (int place = 0; place < turns.size(); place++) {
            if (!turns.get(place).role().equals(place % 2 == 0 ? "user" : "assistant")) {
                return false;
            }
        }
        return turns.size() % 2 == 1;
    }

    private static List<Message> withoutSystem(List<Message> turns) {
        return hasSystem(turns) ? turns.subList(1, turns.size()) : turns;
    }

    private static boolean hasSystem(List<Message> turns) {
        return turns.getFirst().role().equals("system");
    }

    /// Every row has every column that is promised, empty where there is nothing.
    private static String system(List<Message> turns) {
        return hasSystem(turns) ? turns.getFirst().content() : "";
    }

    private ObjectNode alpaca(Lesson lesson, List<Message> turns) {
        var said = withoutSystem(turns);
        var row = Nodes.object().put("instruction", said.getLast().content()).put("input", "");
        answer(row, lesson);
        row.put("system", system(turns));
        var history = row.putArray("history");
        for (int place = 0; place + 1 < said.size(); place += 2) {
            history.addArray()
                    .add(said.get(place).content())
                    .add(said.get(place + 1).content());
        }
        return row;
    }

    private static void answer(ObjectNode row, Lesson lesson) {
        switch (lesson) {
            case Pair pair -> row.put("chosen", pair.chosen()).put("rejected", pair.rejected());
            case Completion completion -> row.put("output", completion.text());
            case Lesson.Verdict verdict -> row.put("output", verdict.completion());
        }
    }

    private ObjectNode chat(Lesson lesson, List<Message> turns) {
        var row = Nodes.object();
        var conversation = row.putArray("conversations");
        for (var turn : withoutSystem(turns)) {
            say(conversation, turn.role().equals("user") ? "human" : "gpt", turn.content());
        }
        switch (lesson) {
            case Pair pair -> {
                row.putObject("chosen").put("from", "gpt").put("value", pair.chosen());
                row.putObject("rejected").put("from", "gpt").put("value", pair.rejected());
            }
            case Completion completion -> say(conversation, "gpt", completion.text());
            case Lesson.Verdict verdict -> say(conversation, "gpt", verdict.completion());
        }
        return row.put("system", system(turns));
    }

    private static void say(ArrayNode conversation, String from, String value) {
        conversation.addObject().put("from", from).put("value", value);
    }

    /// What LLaMA-Factory wants to know of the file.
    ObjectNode info(String file) {
        var info = Nodes.object().put("file_name", file);
        if (isChat) {
            info.put("formatting", "sharegpt");
        }
        if (isPreference) {
            info.put("ranking", true);
        }
        var columns = info.putObject("columns");
        if (isChat) {
            columns.put("messages", "conversations");
        } else {
            columns.put("prompt", "instruction").put("query", "input").put("history", "history");
        }
        if (isPreference) {
            columns.put("chosen", "chosen").put("rejected", "rejected");
        } else if (!isChat) {
            columns.put("response", "output");
        }
        columns.put("system", "system");
        return info;
    }
}
