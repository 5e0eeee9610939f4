package dev.gyre.registry.version;

import dev.gyre.events.TrainingEvent.Replay;
import dev.gyre.events.TrainingEvent.TrainingCompleted;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The README.md of a version, written once when it is registered: its bytes are part of the version's digest, so the
/// figures of later examinations stand in the API instead.
final class ModelCard {

    static final String PATH = "README.md";

    /// Where an imported README stands once a card was written from notes.
    static final String ORIGINAL = "README.original.md";

    private ModelCard() {}

    static String write(Draft draft, Purpose purpose, int number) {
        var training = draft.training();
        return frontMatter(draft, purpose, training)
                + "\n# %s@%d\n\n".formatted(draft.name(), number)
                + (training == null ? imported(draft) : trained(draft.workspace(), training))
                + described(purpose)
                + """

                ## Use

                ```python
                from huggingface_hub import snapshot_download
                snapshot_download("%s/%s", revision="v%d")  # endpoint and token of your Gyre
                ```

                Verdicts, figures and lineage down to every judgement: `GET /api/registry/models/%s/versions/%d`.
                """.formatted(draft.workspace(), draft.name(), number, draft.name(), number);
    }

    private static String frontMatter(Draft draft, Purpose purpose, @Nullable TrainingCompleted training) {
        var notes = draft.notes();
        var lines = new StringBuilder("---\n");
        line(lines, "license", notes.license() == null ? "unknown" : notes.license());
        line(lines, "library_name", "transformers");
        line(lines, "pipeline_tag", purpose.pipeline());
        if (training != null) {
            line(lines, "base_model", draft.workspace() + "/" + training.base().name());
            line(lines, "base_model_relation", "finetune");
            item(
                    lines,
                    "datasets",
                    Stream.concat(
                                    Stream.of(training.dataset()),
                                    training.replay().stream().map(Replay::dataset))
                            .map(dataset -> draft.workspace() + "/" + dataset)
                            .toArray(String[]::new));
            item(
                    lines,
                    "tags",
                    "gyre",
                    training.recipe().method(),
                    training.recipe().adapter());
        } else {
            if (notes.baseModel() != null) {
                line(lines, "base_model", notes.baseModel());
            }
            if (notes.dataset() != null) {
                item(lines, "datasets", notes.dataset());
            }
            item(lines, "tags", "gyre", "imported");
        }
        return lines.append("---\n").toString();
    }

    private static String described(Purpose purpose) {
        var text = new StringBuilder();
        if (!purpose.labels().isEmpty()) {
            text.append("\nA classifier; its labels are ")
                    .append(purpose.labels().stream()
                            .map(label -> "`" + cell(label).replace("`", "'") + "`")
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        if (purpose.pooling().equals("mean")) {
            text.append("\nIts vector of a text is the mean of `last_hidden_state` over the tokens of the text; ")
                    .append("a classifier applies `classifier` to that, not to BERT's pooler.\n");
        }
        return text.toString();
    }

    private static String imported(Draft draft) {
        var description = draft.notes().description();
        return (description == null ? "" : description.strip() + "\n\n")
                + "Imported by %s.\n".formatted(draft.createdBy());
    }

    private static String trained(String workspace, TrainingCompleted training) {
        var text = new StringBuilder("""
                Trained from `%s` on data set `%s` of workspace `%s` by run `%s`.

                | | |
                |---|---|
                | method | %s, adapter %s |
                | seed | %d |
                | code | %s |
                | device | %s |
                | rows | %d |
                | seconds | %s |
                """.formatted(
                        training.base(),
                        training.dataset(),
                        workspace,
                        training.run(),
                        training.recipe().method(),
                        training.recipe().adapter(),
                        training.seed(),
                        cell(training.codeVersion()),
                        cell(training.device()),
                        training.rows(),
                        String.format(Locale.ROOT, "%.1f", training.seconds())));
        training.replay()
                .forEach(again -> text.append(
                        "| replayed | %d rows of data set `%s` |\n".formatted(again.rows(), cell(again.dataset()))));
        new TreeMap<>(training.recipe().settings())
                .forEach((name, value) -> text.append("| %s | %s |\n".formatted(cell(name), cell(value))));
        new TreeMap<>(training.metrics())
                .forEach((name, value) -> text.append("| %s | %s |\n".formatted(cell(name), value)));
        return text.toString();
    }

    private static void line(StringBuilder lines, String key, String value) {
        lines.append(key).append(": ").append(quoted(value)).append('\n');
    }

    private static void item(StringBuilder lines, String key, String... values) {
        lines.append(key).append(":\n");
        for (var value : values) {
            lines.append("- ").append(quoted(value)).append('\n');
        }
    }

    /// A YAML scalar that nothing in the value can break out of.
    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }

    private static String cell(String value) {
        return value.replace("|", "\\|").replaceAll("\\p{Cntrl}", " ");
    }
}
