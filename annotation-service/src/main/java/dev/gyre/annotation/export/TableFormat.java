package dev.gyre.annotation.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gyre.annotation.agreement.Majority;
import dev.gyre.annotation.export.Dossier.Voice;
import dev.gyre.annotation.project.Question;
import dev.gyre.annotation.rows.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A table that people look at: a row for each judgement with all its answers, or one for each task with what most said.
record TableFormat(List<Question> questions, Aggregate aggregate) implements RowFormat {

    @Override
    public List<Column> columns() {
        var columns = new ArrayList<>(List.of(
                Column.text("id"),
                Column.text("slice"),
                Column.text("task"),
                Column.text("prompt"),
                Column.messages("messages"),
                Column.texts("candidates"),
                Column.texts("models")));
        switch (aggregate) {
            case ALL -> {
                columns.addAll(List.of(
                        Column.text("judgement"),
                        Column.text("annotator"),
                        Column.text("kind"),
                        Column.text("given_at"),
                        Column.integer("active_millis"),
                        Column.texts("shown_order"),
                        Column.integer("schema_version"),
                        Column.text("comment")));
                questions.forEach(question -> columns.add(Column.text(answer(question))));
            }
            case MAJORITY -> {
                columns.add(Column.integer("judgements"));
                for (var question : counted()) {
                    columns.add(Column.text(answer(question)));
                    columns.add(new Column("support." + question.name(), Column.Kind.NUMBER));
                }
            }
        }
        return columns;
    }

    private static String answer(Question question) {
        return "answers." + question.name();
    }

    private List<Question> counted() {
        return questions.stream()
                .filter(question -> question.kind().isCounted())
                .toList();
    }

    @Override
    public List<ObjectNode> rows(Dossier dossier) {
        return switch (aggregate) {
            case ALL ->
                dossier.voices().stream().map(voice -> judgement(dossier, voice)).toList();
            case MAJORITY -> List.of(majority(dossier));
        };
    }

    private static ObjectNode task(Dossier dossier) {
        var row = Nodes.object()
                .put("id", dossier.externalId())
                .put("slice", dossier.slice())
                .put("task", dossier.task())
                .put("prompt", dossier.document().prompt());
        if (!dossier.document().messages().isEmpty()) {
            row.set("messages", Nodes.messages(dossier.document().messages()));
        }
        if (!dossier.options().isEmpty()) {
            row.set("candidates", Nodes.texts(dossier.candidates()));
            var models = row.putArray("models");
            dossier.options().forEach(option -> models.add(option.model()));
        }
        return row;
    }

    private ObjectNode judgement(Dossier dossier, Voice voice) {
        var row = task(dossier)
                .put("judgement", voice.judgement())
                .put("annotator", voice.annotator())
                .put("kind", voice.kind())
                .put("given_at", voice.givenAt())
                .put("active_millis", voice.activeMillis())
                .put("schema_version", voice.schemaVersion());
        row.set("shown_order", Nodes.texts(voice.shownOrder()));
        if (voice.comment() != null) {
            row.put("comment", voice.comment());
        }
        for (var question : questions) {
            voice.answer(question.name())
                    .ifPresent(said -> row.put(answer(question), AnswerWord.of(said.type(), said.json())));
        }
        return row;
    }

    private ObjectNode majority(Dossier dossier) {
        var row = task(dossier).put("judgements", dossier.voices().size());
        for (var question : counted()) {
            var values = dossier.voices().stream()
                    .flatMap(voice -> voice.answer(question.name()).stream())
                    .map(said -> Objects.requireNonNullElse(said.value(), ""))
                    .toList();
            Majority.of(values)
                    .ifPresent(majority -> row.put(answer(question), majority.value().replace('\u001f', '|'))
                            .put("support." + question.name(), majority.support()));
        }
        return row;
    }
}
