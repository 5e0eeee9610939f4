package dev.gyre.annotation.export;

import dev.gyre.annotation.export.TrlFormat.Type;
import dev.gyre.annotation.project.Project;
import dev.gyre.annotation.rows.FileKind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The formats, and what each of them cannot say.
public enum Format {
    TRL_PREFERENCE("trl-preference", FileKind.JSONL, true, Losses.PAIRS),
    TRL_PROMPT_COMPLETION("trl-prompt-completion", FileKind.JSONL, true, Losses.ANSWERS),
    TRL_LANGUAGE_MODELING("trl-language-modeling", FileKind.JSONL, true, Losses.TEXTS),
    TRL_UNPAIRED("trl-unpaired", FileKind.JSONL, true, Losses.VERDICTS),
    HH("hh", FileKind.JSONL, true, Losses.TRANSCRIPTS),
    ALPACA("alpaca", FileKind.JSON, false, Losses.INSTRUCTIONS),
    ALPACA_PREFERENCE("alpaca-preference", FileKind.JSON, false, Losses.INSTRUCTION_PAIRS),
    SHAREGPT("sharegpt", FileKind.JSON, false, Losses.INSTRUCTIONS),
    SHAREGPT_PREFERENCE("sharegpt-preference", FileKind.JSON, false, Losses.INSTRUCTION_PAIRS),
    LABEL_STUDIO("label-studio", FileKind.JSON, false, Losses.LABEL_STUDIO),
    ARGILLA("argilla", FileKind.JSON, false, Losses.ARGILLA),
    PRODIGY("prodigy", FileKind.JSONL, false, Losses.PRODIGY),
    CSV("csv", FileKind.CSV, true, Losses.TABLE),
    PARQUET("parquet", FileKind.PARQUET, true, Losses.TABLE),
    GYRE("gyre", FileKind.JSONL, false, Losses.NOTHING);

    private final String word;
    private final FileKind file;
    private final boolean hasColumns;
    private final List<String> losses;

    Format(String word, FileKind file, boolean hasColumns, List<String> losses) {
        this.word = word;
        this.file = file;
        this.hasColumns = hasColumns;
        this.losses = losses;
    }

    public String word() {
        return word;
    }

    /// What is not in its files, a sentence each.
    public List<String> losses() {
        return losses;
    }

    /// @throws IllegalArgumentException naming all formats
    public static Format of(@Nullable String word) {
        return Arrays.stream(values())
                .filter(format -> format.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("format is '%s', must be one of %s"
                        .formatted(
                                word,
                                Arrays.stream(values()).map(Format::word).toList())));
    }

    /// The file that is asked for, if this format can stand in one.
    ///
    /// @param asked its usual one where nothing is asked for
    public FileKind file(@Nullable String asked) {
        var wanted = FileKind.of(asked, file);
        if (wanted != file && !(hasColumns || Set.of(FileKind.JSON, FileKind.JSONL).contains(wanted))) {
            throw new IllegalArgumentException(
                    "file is '%s', which has columns, and rows of format '%s' do not fit into columns; leave it out"
                            .formatted(asked, word));
        }
        return wanted;
    }

    /// Whether texts may stand as messages.
    boolean isConversational() {
        return switch (this) {
            case TRL_PREFERENCE, TRL_PROMPT_COMPLETION, TRL_LANGUAGE_MODELING, TRL_UNPAIRED -> true;
            case HH,
                    ALPACA,
                    ALPACA_PREFERENCE,
                    SHAREGPT,
                    SHAREGPT_PREFERENCE,
                    LABEL_STUDIO,
                    ARGILLA,
                    PRODIGY,
                    CSV,
                    PARQUET,
                    GYRE -> false;
        };
    }

    /// How tasks of a project become rows.
    ///
    /// @param isConversational whether texts stand as messages
    RowFormat rows(Project project, Lessons lessons, boolean isConversational) {
        return switch (this) {
            case TRL_PREFERENCE -> new TrlFormat(Type.PREFERENCE, lessons, isConversational);
            case TRL_PROMPT_COMPLETION -> new TrlFormat(Type.PROMPT_COMPLETION, lessons, isConversational);
            case TRL_LANGUAGE_MODELING -> new TrlFormat(Type.LANGUAGE_MODELING, lessons, isConversational);
            case TRL_UNPAIRED -> new TrlFormat(Type.UNPAIRED, lessons, isConversational);
            case HH -> new HhFormat(lessons);
            case ALPACA -> new LlamaFactoryFormat(lessons, false, false);
            case ALPACA_PREFERENCE -> new LlamaFactoryFormat(lessons, false, true);
            case SHAREGPT -> new LlamaFactoryFormat(lessons, true, false);
            case SHAREGPT_PREFERENCE -> new LlamaFactoryFormat(lessons, true, true);
            case LABEL_STUDIO -> new LabelStudioFormat();
            case ARGILLA -> new ArgillaFormat();
            case PRODIGY -> new ProdigyFormat();
            case CSV, PARQUET -> new TableFormat(project.questions(), lessons.aggregate());
            case GYRE -> new GyreFormat();
        };
    }
}
