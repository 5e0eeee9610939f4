package dev.gyre.cli.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tokens per second of Direct Preference Optimization on pairs that people judged, random weights.
@Command(
        name = "preference",
        description = {
            "Tokens per second (prompt and both answers, without padding) of DPO on real pairs, random weights.",
            "The reading of the reference is counted with every step, the first step is not."
        },
        mixinStandardHelpOptions = true)
public final class PreferenceBench implements Callable<Integer> {

    private static final int LONGEST = 1_200;
    private static final int ANNOTATORS = 3;

    @Mixin
    private SpeedOptions options = new SpeedOptions();

    @Option(names = "--adapter", defaultValue = "lora:16", description = "lora:RANK or none ($${DEFAULT-VALUE}).")
    private String adapter = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder of PandaLM's human test set (testset-v1.json).")
    private Path data = Path.of("");

    @Option(names = "--tokenizer", required = true, paramLabel = "DIR", description = "Folder with a tokenizer.json.")
    private Path tokenizer = Path.of("");

    @Option(names = "--pairs", defaultValue = "24", description = "Pairs, each learned from once ($${DEFAULT-VALUE}).")
    private int pairs;

    @Option(names = "--batch", defaultValue = "4", description = "Pairs of a step ($${DEFAULT-VALUE}).")
    private int batch;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (batch < 1 || pairs < 2 * batch) {
            throw new IllegalArgumentException(
                    "--batch is %d, must be 1 or more; --pairs is %d, must be two batches or more".formatted(batch, pairs));
        }
        options.measure(spec.commandLine().getOut(), folder -> {
            options.shape().write(folder, options.type(), tokenizer);
            var rows = folder.resolve("rows.jsonl");
            Files.write(rows, decided().stream().limit(pairs).map(Object::toString).toList());
            return options.train(folder, rows, "dpo", adapter, batch, pairs / batch);
        });
        return 0;
    }

    /// The pairs on which two of three annotators agree, those of the peer's bench.
    private List<JsonNode> decided() throws IOException {
        var json = new ObjectMapper();
        var found = new ArrayList<JsonNode>();
        for (var row : json.readTree(data.resolve("testset-v1.json").toFile())) {
            int best = IntStream.of(1, 2)
                    .filter(side -> votes(row, side) >= 2)
                    .findFirst()
                    .orElse(0);
            var prompt = row.path("instruction").asText() + "\n" + row.path("input").asText("") + "\n";
            var chosen = row.path("response" + best).asText("");
            var rejected = row.path("response" + (3 - best)).asText("");
            if (best > 0
                    && !chosen.isEmpty()
                    && !rejected.isEmpty()
                    && prompt.length() + Math.max(chosen.length(), rejected.length()) < LONGEST) {
                found.add(json.valueToTree(Map.of("prompt", prompt, "chosen", chosen, "rejected", rejected)));
            }
        }
        return found;
    }

    private static long votes(JsonNode row, int side) {
        return IntStream.rangeClosed(1, ANNOTATORS)
                .filter(annotator -> row.path("annotator" + annotator).asInt() == side)
                .count();
    }
}
