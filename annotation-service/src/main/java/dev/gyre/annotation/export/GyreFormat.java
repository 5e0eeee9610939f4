package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.rows.Column;
import java.util.List;

/// Everything that is known of a task, in our own words: what another format loses stands here.
record GyreFormat() implements RowFormat {

    @Override
    public List<Column> columns() {
        return List.of();
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        var document = dossier.document();
        var row = Nodes.object()
                .put("task", dossier.task())
                .put("id", dossier.externalId())
                .put("slice", dossier.slice())
                .put("prompt", document.prompt());
        if (!document.messages().isEmpty()) {
            row.set("messages", Nodes.messages(document.messages()));
        }
        if (document.completion() != null) {
            row.put("completion", document.completion());
        }
        var candidates = row.putArray("candidates");
        for (var option : dossier.options()) {
            candidates
                    .addObject()
                    .put("id", option.id())
                    .put("model", option.model())
                    .put("text", option.text());
        }
        var metadata = row.putObject("metadata");
        document.metadata().forEach(metadata::put);
        var judgements = row.putArray("judgements");
        dossier.voices().forEach(voice -> judgements.add(judgement(voice)));
        return List.of(row);
    }

    private static ObjectNode judgement(Voice voice) {
        var judgement = Nodes.object()
                .put("judgement", voice.judgement())
                .put("annotator", voice.annotator())
                .put("kind", voice.kind())
                .put("givenAt", voice.givenAt())
                .put("activeMillis", voice.activeMillis())
                .put("schemaVersion", voice.schemaVersion())
                .put("comment", voice.comment());
        judgement.set("shownOrder", Nodes.texts(voice.shownOrder()));
        var answers = judgement.putObject("answers");
        voice.answers().forEach((question, said) -> answers.set(question, said.json()));
        return judgement;
    }
}
