package dev.gyre.cli.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A scenario on disk: `${key}` is filled, every key is known, every file is there.
///
/// @param file the paths in the scenario are relative to its folder
public record ScenarioFile(Path file, Scenario scenario) {

    private static final Pattern SLOT = Pattern.compile("\\$\\{([^}]*)}");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /// @param set values for `${key}`; paths among them are relative to the working directory
    /// @throws IllegalArgumentException naming file, line, key and remedy
    public static ScenarioFile read(Path file, Map<String, String> set) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "there is no scenario %s; the shipped ones are in samples/scenarios".formatted(file));
        }
        try {
            var text = filled(file, Files.readString(file), set);
            var read = new ScenarioFile(file.toAbsolutePath().normalize(), YAML.readValue(text, Scenario.class));
            read.requireFiles();
            return read;
        } catch (UnrecognizedPropertyException unknown) {
            var known = new TreeSet<>(
                    String.valueOf(unknown.getKnownPropertyIds()).lines().toList());
            throw new IllegalArgumentException(
                    "%s, %s: nobody knows the key '%s'; known here: %s"
                            .formatted(file, place(unknown), path(unknown), String.join(", ", known)),
                    unknown);
        } catch (JsonMappingException wrong) {
            var cause = wrong.getCause() instanceof IllegalArgumentException refusal
                    ? refusal.getMessage()
                    : wrong.getOriginalMessage();
            throw new IllegalArgumentException(
                    "%s, %s: %s%s"
                            .formatted(file, place(wrong), path(wrong).isEmpty() ? "" : path(wrong) + ": ", cause),
                    wrong);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "%s, %s: this is no YAML: %s".formatted(file, place(broken), broken.getOriginalMessage()), broken);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    /// A path of the scenario, relative to its folder.
    public Path resolve(String path) {
        return file.resolveSibling(path).normalize();
    }

    /// The files of a table, by name; none where there are none.
    public List<Path> files(Scenario.Table table) {
        var wanted = resolve(table.file());
        if (!table.file().contains("*")) {
            return Files.isRegularFile(wanted) ? List.of(wanted) : List.of();
        }
        var folder = wanted.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (var found = Files.newDirectoryStream(
                folder, String.valueOf(wanted.getFileName()))) {
            var files = new ArrayList<Path>();
            found.forEach(files::add);
            Collections.sort(files);
            return files;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + folder, unreadable);
        }
    }

    private void requireFiles() {
        var base = resolve(scenario.base().folder());
        if (!Files.isRegularFile(base.resolve("config.json"))) {
            throw missing("base.folder", base, "it must be a model in Hugging Face layout with a config.json");
        }
        scenario.sources().forEach((name, source) -> {
            if (files(source.table()).isEmpty()) {
                throw missing("sources.%s.file".formatted(name), resolve(source.file()), "correct the path");
            }
        });
        var shift = scenario.shift();
        if (shift != null) {
            requireFiles("shift", shift.traffic());
        }
        var steady = scenario.steady();
        if (steady != null) {
            requireFiles("steady", steady.traffic());
        }
    }

    private void requireFiles(String key, Scenario.Traffic traffic) {
        traffic.tables().stream()
                .filter(table -> files(table).isEmpty())
                .findFirst()
                .ifPresent(table -> {
                    throw missing(key + ".traffic.file", resolve(table.file()), "correct the path");
                });
    }

    private IllegalArgumentException missing(String key, Path path, String remedy) {
        return new IllegalArgumentException("%s: %s is %s, which is not there; %s, or point elsewhere with --set"
                .formatted(file, key, path, remedy));
    }

    private static String filled(Path file, String text, Map<String, String> set) {
        var lines = text.lines().toList();
        for (int number = 0; number < lines.size(); number++) {
            var slots = SLOT.matcher(withoutComment(lines.get(number)));
            while (slots.find()) {
                if (!set.containsKey(slots.group(1))) {
                    throw new IllegalArgumentException("%s, line %d: nothing fills ${%s}; add --set %s=VALUE"
                            .formatted(file, number + 1, slots.group(1), slots.group(1)));
                }
            }
        }
        var unused = new TreeSet<>(set.keySet());
        SLOT.matcher(text).results().forEach(slot -> unused.remove(slot.group(1)));
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has no ${%s}; leave out --set %s=…".formatted(file, unused.first(), unused.first()));
        }
        return SLOT.matcher(lines.stream().map(ScenarioFile::withoutComment).collect(Collectors.joining("\n")))
                .replaceAll(slot ->
                        java.util.regex.Matcher.quoteReplacement(absolute(set.getOrDefault(slot.group(1), ""))));
    }

    /// What a person types is relative to where they stand.
    private static String absolute(String value) {
        var path = Path.of(value);
        return Files.exists(path) ? path.toAbsolutePath().normalize().toString() : value;
    }

    private static String withoutComment(String line) {
        return line.stripLeading().startsWith("#") ? "" : line;
    }

    private static String place(JsonProcessingException wrong) {
        var at = wrong.getLocation();
        return at == null ? "somewhere" : "line " + at.getLineNr();
    }

    private static String path(JsonMappingException wrong) {
        return wrong.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }
}
