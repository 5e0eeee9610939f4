package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.rows.Column;
import dev.gyre.events.SampleDocument.Message;
import java.util.Collection;
import java.util.List;

/// JSON as rows have it.
final class Nodes {

    /// Where a row comes from.
    static final List<Column> ORIGIN = List.of(
            Column.text("id"),
            Column.text("slice"),
            Column.text("task"),
            Column.texts("judgements"),
            Column.texts("annotators"));

    private Nodes() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ArrayNode texts(Collection<String> texts) {
        var array = array();
        texts.forEach(array::add);
        return array;
    }

    static ArrayNode messages(List<Message> messages) {
        var array = array();
        messages.forEach(
                message -> array.addObject().put("role", message.role()).put("content", message.content()));
        return array;
    }

    static ObjectNode origin(ObjectNode row, Dossier dossier, List<Voice> voices) {
        row.put("id", dossier.externalId()).put("slice", dossier.slice()).put("task", dossier.task());
        row.set("judgements", texts(voices.stream().map(Voice::judgement).toList()));
        row.set("annotators", texts(voices.stream().map(Voice::annotator).toList()));
        return row;
    }
}
