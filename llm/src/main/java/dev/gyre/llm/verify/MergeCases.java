package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.merging.Merge;
import dev.gyre.llm.merging.Merger;
import dev.gyre.llm.program.ProgramRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Task tensors merged the way that a case's name says.
/// A density follows `d` without its point (`d05` is 0.5), then the election.
final class MergeCases {

    private static final Set<String> CONTEXT = Set.of("task_tensors", "weights", "note");
    private static final Pattern NAME =
            Pattern.compile("(linear|task_arithmetic|magnitude_prune|ties)(?:_d(\\d+))?(?:_(total|frequency))?");

    private MergeCases() {}

    static void verify(Path folder, JsonNode index, String key, Findings all) {
        var part = index.get(key);
        var findings = all.at(key);
        try (var runner = ProgramRunner.open("auto");
                var scope = runner.newScope()) {
            var merger = new Merger(runner);
            var tasks = Tensors.of(runner, scope, part.path("task_tensors"));
            var weights = new ArrayList<Double>();
            part.path("weights").forEach(weight -> weights.add(weight.asDouble()));
            part.properties().forEach(each -> {
                if (!CONTEXT.contains(each.getKey())) {
                    findings.attempt(each.getKey(), () -> {
                        var merged = merger.merge(scope, merge(each.getKey()), tasks, weights);
                        findings.numbers(each.getKey(), Tensors.doubles(runner.read(merged)), each.getValue(), 1e-6);
                    });
                }
            });
        }
    }

    private static Merge merge(String name) {
        var words = NAME.matcher(name);
        if (!words.matches()) {
            throw new IllegalArgumentException("merge %s is not known".formatted(name));
        }
        var digits = words.group(2);
        double density = digits == null
                ? 1
                : digits.length() == 1
                        ? Double.parseDouble(digits)
                        : Double.parseDouble(digits.charAt(0) + "." + digits.substring(1));
        return switch (words.group(1)) {
            case "magnitude_prune" -> new Merge.Largest(density);
            case "ties" ->
                new Merge.Ties(
                        density,
                        words.group(3) == null
                                ? Merge.Election.TOTAL
                                : Merge.Election.valueOf(words.group(3).toUpperCase(Locale.ROOT)));
            default -> new Merge.Linear();
        };
    }
}
