package dev.gyre.annotation.exchange;

import dev.gyre.annotation.exchange.Draft.Given;
import dev.gyre.annotation.export.Format;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.rows.FileKind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to be taken in.
///
/// @param withJudgements whether what people said comes in too, or tasks only
/// @param annotator who said so where the file does not say it
/// @param kind `HUMAN`, `LLM`, `CODE` or `SIMULATED`, where the file does not say it
record Order(
        Project project,
        Format format,
        FileKind file,
        boolean withJudgements,
        String annotator,
        @Nullable String kind) {

    private static final Set<Format> KNOW_KINDS = Set.of(Format.GYRE, Format.CSV, Format.PARQUET);
    private static final Set<Format> PAIRS =
            Set.of(Format.TRL_PREFERENCE, Format.HH, Format.ALPACA_PREFERENCE, Format.SHAREGPT_PREFERENCE);

    Order {
        if (withJudgements && kind == null && !KNOW_KINDS.contains(format)) {
            throw new IllegalArgumentException(
                    "kind is missing: a file of format '%s' does not say what kind of judge its judgements are from; say HUMAN, LLM, CODE or SIMULATED"
                            .formatted(format.word()));
        }
        var main = project.question().kind().type();
        if (withJudgements && PAIRS.contains(format) && !Set.of("PAIRWISE", "RANKING").contains(main)) {
            throw new IllegalArgumentException(
                    "the first question of project '%s' is of type %s, which pairs do not answer; leave out judgements"
                            .formatted(project.name(), main));
        }
    }

    RowReading reading() {
        return switch (format) {
            case TRL_PREFERENCE, HH, ALPACA_PREFERENCE, SHAREGPT_PREFERENCE -> new PairRows(project.question());
            case TRL_PROMPT_COMPLETION, TRL_LANGUAGE_MODELING, TRL_UNPAIRED, ALPACA, SHAREGPT ->
                new AnswerRows(project.question());
            case LABEL_STUDIO -> new LabelStudioTasks(project.questions());
            case ARGILLA -> new ArgillaRecords(project.questions());
            case PRODIGY -> new ProdigyExamples(project.questions());
            case CSV, PARQUET -> new TableRows(project.questions());
            case GYRE -> new GyreTasks();
        };
    }

    List<Given> given(Draft draft) {
        return withJudgements ? draft.given() : List.of();
    }

    String annotator(Given given) {
        return "import/" + (given.annotator() == null ? annotator : given.annotator());
    }

    String kind(Given given) {
        if (given.kind() != null) {
            return given.kind();
        }
        if (kind == null) {
            throw new IllegalArgumentException(
                    "a judgement does not say its kind; send kind=HUMAN, LLM, CODE or SIMULATED");
        }
        return kind;
    }
}
