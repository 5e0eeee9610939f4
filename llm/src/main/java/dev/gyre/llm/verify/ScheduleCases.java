package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.optimization.LearningRate;
import dev.gyre.llm.optimization.Schedule;
import dev.gyre.llm.optimization.Schedule.WarmupStableDecay.Curve;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Learning rates of whole trainings; base rate, warm-up and steps stand in the part's name.
final class ScheduleCases {

    static final Pattern KEY = Pattern.compile("schedules_lr([0-9.eE+-]+)_warm(\\d+)_total(\\d+)");

    private ScheduleCases() {}

    static void verify(Path folder, JsonNode index, String key, Findings findings) {
        var numbers = KEY.matcher(key);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("%s must be schedules_lr…_warm…_total…".formatted(key));
        }
        index.get(key)
                .properties()
                .forEach(each -> findings.at(key)
                        .attempt(
                                each.getKey(),
                                () -> verify(each.getKey(), each.getValue(), numbers, findings.at(key))));
    }

    private static void verify(String name, JsonNode wanted, Matcher numbers, Findings findings) {
        double peak = Double.parseDouble(numbers.group(1));
        var settings = new CaseSettings(wanted.path("kwargs").path("scheduler_specific_kwargs"));
        var schedule = schedule(name, settings, peak);
        settings.finish();
        int warm = name.equals("constant") ? 0 : Integer.parseInt(numbers.group(2));
        var rate = new LearningRate(peak, schedule, warm, Integer.parseInt(numbers.group(3)));
        findings.onlyKnown(wanted, List.of("kwargs", "lr"));
        findings.onlyKnown(wanted.path("kwargs"), List.of("scheduler_specific_kwargs"));
        var got = IntStream.range(0, wanted.path("lr").size())
                .mapToDouble(rate::at)
                .toArray();
        findings.at(name).numbers("lr", got, wanted.path("lr"), 1e-6);
    }

    private static Schedule schedule(String name, CaseSettings settings, double peak) {
        return switch (name) {
            case "constant", "constant_with_warmup" -> Schedule.CONSTANT;
            case "linear" -> Schedule.LINEAR;
            case "cosine" -> new Schedule.Cosine(settings.number("num_cycles", 0.5), 0);
            case "cosine_with_restarts" -> new Schedule.Restarts((int) settings.number("num_cycles", 1));
            case "cosine_with_min_lr" -> new Schedule.Cosine(settings.number("num_cycles", 0.5), floor(settings, peak));
            case "cosine_warmup_with_min_lr" ->
                new Schedule.CosineFromStep(
                        settings.number("num_cycles", 0.5),
                        floor(settings, peak),
                        settings.number("warmup_lr_rate", -1));
            case "polynomial" -> new Schedule.Polynomial(settings.number("lr_end", 1e-7), settings.number("power", 1));
            case "inverse_sqrt" -> new Schedule.InverseRoot((int) settings.number("timescale", 0));
            case "warmup_stable_decay" ->
                new Schedule.WarmupStableDecay(
                        (int) settings.needed("num_decay_steps"),
                        (int) settings.number("num_stable_steps", -1),
                        curve(settings.word("warmup_type", "linear")),
                        curve(settings.word("decay_type", "cosine")),
                        settings.number("min_lr_ratio", 0),
                        settings.number("num_cycles", 0.5));
            default -> throw new IllegalArgumentException("schedule %s is not known".formatted(name));
        };
    }

    private static double floor(CaseSettings settings, double peak) {
        double rate = settings.number("min_lr_rate", Double.NaN);
        return Double.isNaN(rate) ? settings.needed("min_lr") / peak : rate;
    }

    private static Curve curve(String word) {
        return switch (word) {
            case "1-sqrt" -> Curve.ROOT;
            case "linear", "cosine" -> Curve.valueOf(word.toUpperCase(Locale.ROOT));
            default -> throw new IllegalArgumentException("curve %s is not known".formatted(word));
        };
    }
}
