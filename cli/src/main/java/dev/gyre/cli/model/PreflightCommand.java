package dev.gyre.cli.model;

import dev.gyre.llm.recipe.Recipe;
import dev.gyre.llm.text.Preflight;
import dev.gyre.llm.training.RowMasks;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows what a training would learn from rows, and whether it would refuse them.
@Command(
        name = "preflight",
        description = {
            "Show what a training would learn from rows, token by token: green what is learned, dim what is given",
            "(without colours ⟦ ⟧ around what is learned), then whether it would refuse them and why.",
            "Exit code 0 if it would run, 1 if it would refuse."
        },
        mixinStandardHelpOptions = true)
final class PreflightCommand implements Callable<Integer> {

    @Option(names = "--base", required = true, paramLabel = "DIR", description = "Hugging Face folder of the base.")
    private Path base = Path.of("");

    @Option(names = "--rows", required = true, paramLabel = "FILE", description = "The rows, JSONL.")
    private Path rows = Path.of("");

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "How it would learn, such as supervised (default) or dpo.")
    private String method = "supervised";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the recipe, such as maxTokens=512 or tooLong=cut; may be repeated.")
    private Map<String, String> settings = Map.of();

    @Option(names = "--show", paramLabel = "N", description = "Rows to show; 10 unless said otherwise.")
    private int show = 10;

    @Option(
            names = "--color",
            negatable = true,
            arity = "0",
            fallbackValue = "true",
            description = "Whether to use colours; only on a terminal unless said otherwise.")
    private boolean color = System.console() != null
            && System.console().isTerminal()
            && System.getenv("NO_COLOR") == null;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (show < 0) {
            throw new IllegalArgumentException("--show is %d, must be 0 or more".formatted(show));
        }
        var adapter = method.equals("classification") ? "frozen" : "none";
        var look = RowMasks.of(base, rows, Recipe.of(method, adapter, settings), show);
        var out = spec.commandLine().getOut();
        for (var each : look.shown()) {
            var tokens = each.tokens();
            out.printf(
                    "row %d %s: %d of %d tokens are learned%n",
                    each.row(), each.side(), tokens.targets(), tokens.length());
            out.println(color ? Preflight.terminal(tokens) : Preflight.plain(tokens));
        }
        out.printf(
                "rows: %d to learn from, %d of them cut, %d left out%n",
                look.learnable(), look.cut(), look.leftOut());
        look.objections().forEach(objection -> out.println("refused: " + objection));
        out.flush();
        return look.objections().isEmpty() ? 0 : 1;
    }
}
