package dev.gyre.llm.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every program file compiles, as every slot that it can fill, and has the functions that Java knows of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProgramsTest {

    private final ProgramRunner runner = ProgramRunner.open("cpu");

    @AfterAll
    void close() {
        runner.close();
    }

    @Test
    void everyFileIsAnEntryAPartOrAFilling() throws IOException, URISyntaxException {
        var known = new TreeSet<>(ProgramLinker.PARTS);
        known.addAll(Programs.ENTRIES.keySet());
        Programs.SLOTS.forEach(slot -> known.addAll(slot.fillings()));

        assertThat(files()).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void theLinkerAndTheTableKnowTheSameSlots() {
        var slots = new HashMap<String, List<String>>();
        Programs.SLOTS.forEach(slot -> slot.names().forEach(name -> slots.put(name, slot.fillings())));

        assertThat(slots.keySet()).isEqualTo(ProgramLinker.DEFAULTS.keySet());
        ProgramLinker.DEFAULTS.forEach(
                (slot, filling) -> assertThat(slots.get(slot)).contains(filling));
    }

    /// Java names a filling as a whole word in quotes; a word that is none of a slot's would never be loaded here.
    @Test
    void everyFillingIsChosenSomewhereInJava() throws IOException {
        String java;
        try (var files = Files.walk(Path.of("src/main/java"))) {
            java = files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("Programs.java"))
                    .map(ProgramsTest::text)
                    .collect(Collectors.joining());
        }
        var fillings = Programs.SLOTS.stream()
                .flatMap(slot -> slot.fillings().stream())
                .toList();

        assertThat(fillings).allSatisfy(filling -> assertThat(java).contains("\"%s\"".formatted(filling)));
    }

    static Stream<String> entries() {
        return Programs.ENTRIES.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void anEntryHasTheFunctionsThatJavaCalls(String entry) {
        var found = Signature.all(ProgramLinker.source(entry));

        assertThat(found).isEqualTo(Programs.ENTRIES.get(entry));
    }

    /// An archive with fields of its own is loaded with weights: TorchScriptModelTest and SecondRunnerTest do.
    @ParameterizedTest
    @MethodSource("entries")
    void anEntryLoads(String entry) {
        if (!entry.startsWith("exported")) {
            assertThat(runner.load(entry, Map.of())).hasToString(entry);
        }
    }

    static Stream<String> parts() {
        return ProgramLinker.PARTS.stream();
    }

    @ParameterizedTest
    @MethodSource("parts")
    void aPartCompilesWholly(String part) {
        assertThat(compiled(part, part, Map.of())).isPositive();
    }

    static Stream<Choice> choices() {
        return Programs.SLOTS.stream()
                .flatMap(slot -> slot.names().stream()
                        .flatMap(name ->
                                slot.fillings().stream().map(filling -> new Choice(name, filling, slot.functions()))));
    }

    record Choice(String slot, String filling, List<Signature> functions) {
        @Override
        public String toString() {
            return "%s as %s".formatted(filling, slot);
        }
    }

    /// What others call of a slot has the same signature in each filling, so that fillings of different slots fit too.
    @ParameterizedTest
    @MethodSource("choices")
    void aFillingCompilesWhollyAndHasTheFunctionsOfItsSlot(Choice choice) {
        assertThat(Signature.all(ProgramLinker.source(choice.filling()))).containsAll(choice.functions());
        assertThat(compiled(choice.slot(), choice.filling(), Map.of(choice.slot(), choice.filling())))
                .isPositive();
    }

    @Test
    void noFunctionIsWithoutACaller() throws IOException, URISyntaxException {
        var texts = files().stream().map(ProgramLinker::source).collect(Collectors.joining("\n"));
        var slots = Programs.SLOTS.stream()
                .flatMap(slot -> slot.fillings().stream()
                        .flatMap(filling -> slot.functions().stream().map(f -> filling + "." + f.name())))
                .collect(Collectors.toSet());
        var lonely = new ArrayList<String>();
        for (var file : files()) {
            if (!Programs.ENTRIES.containsKey(file)) {
                Signature.all(ProgramLinker.source(file)).stream()
                        .map(function -> file + "." + function.name())
                        .filter(name -> !slots.contains(name) && !called(texts, name))
                        .forEach(lonely::add);
            }
        }

        assertThat(lonely).isEmpty();
    }

    /// By its own name, or by that of a slot that its file fills.
    private static boolean called(String texts, String name) {
        var file = name.substring(0, name.indexOf('.'));
        var names = Programs.SLOTS.stream()
                .filter(slot -> slot.fillings().contains(file))
                .flatMap(slot -> slot.names().stream());
        return Stream.concat(Stream.of(file), names)
                .anyMatch(owner -> Pattern.compile(
                                "__torch__\\.%s\\.%s\\(".formatted(owner, name.substring(file.length() + 1)))
                        .matcher(texts)
                        .find());
    }

    /// Loads an entry that calls every function of a file, with the signature that its text tells.
    private int compiled(String name, String file, Map<String, String> slots) {
        var functions = Signature.all(ProgramLinker.source(file));
        var entry = new StringBuilder("""
                class M(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  _is_full_backward_hook : Optional[bool]
                """);
        for (var function : functions) {
            var takes = function.takes();
            var places = IntStream.range(0, takes.size()).boxed().toList();
            entry.append("  def call_%s(self: __torch__.M%s) -> %s:\n    return __torch__.%s.%s(%s)\n"
                    .formatted(
                            function.name(),
                            places.stream()
                                    .map(i -> ", a%d: %s".formatted(i, takes.get(i)))
                                    .collect(Collectors.joining()),
                            function.answers(),
                            name,
                            function.name(),
                            places.stream().map(i -> "a" + i).collect(Collectors.joining(", "))));
        }
        assertThat(runner.loadText("check_of_" + file, entry.toString(), slots)).isNotNull();
        return functions.size();
    }

    private static List<String> files() throws IOException, URISyntaxException {
        var folder = Path.of(Objects.requireNonNull(ProgramLinker.class.getResource("learning.torchscript"))
                .toURI());
        try (var files = Files.list(Objects.requireNonNull(folder.getParent()))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".torchscript"))
                    .map(name -> name.substring(0, name.length() - ".torchscript".length()))
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
