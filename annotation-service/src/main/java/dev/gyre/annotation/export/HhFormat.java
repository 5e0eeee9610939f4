package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.rows.Column;
import dev.gyre.events.SampleDocument.Message;
import java.util.List;
import java.util.stream.Collectors;

/// Pairs of whole transcripts, as in HH-RLHF.
record HhFormat(Lessons lessons) implements RowFormat {

    @Override
    public List<Column> columns() {
        return List.of(Column.text("chosen"), Column.text("rejected"));
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        return lessons.pairs(dossier).stream()
                .map(pair -> {
                    var before = pair.prompt().turns().stream()
                            .map(HhFormat::turn)
                            .collect(Collectors.joining());
                    return Nodes.object()
                            .put("chosen", before + "\n\nAssistant: " + pair.chosen())
                            .put("rejected", before + "\n\nAssistant: " + pair.rejected());
                })
                .toList();
    }

    /// Transcripts know two speakers only; whatever is not the assistant's is the human's.
    private static String turn(Message message) {
        return (message.role().equals("assistant") ? "\n\nAssistant: " : "\n\nHuman: ") + message.content();
    }
}
