package dev.gyre.llm.search;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What to search.
///
/// @param base Hugging Face folder of the model that every trial starts from
/// @param rows JSONL, as of a training of this method
/// @param method and
/// @param adapter of [dev.gyre.llm.recipe.Recipe#of]
/// @param settings that all trials have; `steps` says how long the longest trial is, `holdOut` what it is judged on
/// @param space what is tried for the other settings
/// @param trials how many are begun, 2 or more
/// @param least steps after which the first are given up
/// @param reduction of so many trials one goes on, to so many times the steps, 2 or more
/// @param work folder of this search alone; a search goes on from what it finds there
/// @param device `auto`, `cpu` or `cuda:N`
public record SearchJob(
        Path base,
        Path rows,
        String method,
        String adapter,
        Map<String, String> settings,
        Map<String, Choice> space,
        int trials,
        int least,
        int reduction,
        long seed,
        Path work,
        String device) {

    public SearchJob {
        settings = Map.copyOf(settings);
        space = new TreeMap<>(space);
        require(!space.isEmpty(), "space is empty, must name a setting to try");
        require(trials >= 2, "trials is %d, must be 2 or more".formatted(trials));
        require(reduction >= 2, "reduction is %d, must be 2 or more".formatted(reduction));
        require(settings.containsKey("holdOut"), "setting holdOut is missing; trials are judged on rows held out");
        require(
                settings.getOrDefault("steps", "").matches("[1-9]\\d{0,8}"),
                "setting steps is %s, must be a whole number of 1 or more".formatted(settings.get("steps")));
        for (var key : space.keySet()) {
            require(
                    !settings.containsKey(key) && !key.equals("steps"),
                    "setting %s is given and to be tried".formatted(key));
        }
        int steps = Integer.parseInt(settings.get("steps"));
        require(
                least >= 1 && least <= steps,
                "least is %d, must be 1 to the %d steps of the longest trial".formatted(least, steps));
    }

    int steps() {
        return Integer.parseInt(settings.get("steps"));
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
