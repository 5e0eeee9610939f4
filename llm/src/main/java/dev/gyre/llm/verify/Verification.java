package dev.gyre.llm.verify;

import dev.gyre.llm.checkpoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Verifies a folder of reference values: everything is computed again from the files and settings that lie there.
///
/// Nothing is known by the name of a case, and what is not known is a failure.
public final class Verification {

    private record Index(Set<String> context, List<Section> sections) {}

    /// What each index may hold: keys that others refer to, and parts that are computed again.
    private static final Map<String, Index> INDEXES = Map.of(
            "arch_index",
            new Index(
                    Set.of("versions", "inputs"),
                    List.of(
                            Section.of("arch", Architectures::verify),
                            Section.of("rope", Rotations::verify),
                            new Section(ScheduleCases.KEY, ScheduleCases::verify),
                            Section.of("optim", OptimizerCases::verify),
                            Section.of("merge", MergeCases::verify),
                            Section.of("gae", AdvantageCases::verify))),
            "peft_index",
            new Index(
                    Set.of("versions", "base", "input_ids", "attention_mask", "labels"),
                    List.of(Section.of("cases", Adapters::verify))),
            "trl_index",
            new Index(
                    Set.of("versions", "pairs", "note", "grpo_inputs"),
                    List.of(Section.of("cases", LossCases::verify))),
            "chat_golden",
            new Index(Set.of("conversations", "note", "bos_token", "eos_token", "pad_token"), List.of(ChatSection.section())));

    /// Reference values in a form of others: each file that one of them knows, with the files beside it.
    private static final List<Published> PUBLISHED = List.of(
            new Published(TokenizerCases::is, TokenizerCases::verify),
            new Published(InnerTensors::is, InnerTensors::verify),
            new Published(PublishedText::is, PublishedText::verify));

    private record Published(Predicate<Path> form, BiConsumer<Path, Findings> check) {}

    private Verification() {}

    /// Tells every value of every index of a folder.
    ///
    /// @throws IllegalArgumentException if the folder holds no index
    public static void verify(Path folder, Consumer<Finding> listener) {
        var present = INDEXES.keySet().stream()
                .filter(name -> Files.isRegularFile(file(folder, name)))
                .sorted()
                .toList();
        if (published(folder, listener) == 0 && present.isEmpty()) {
            throw new IllegalArgumentException(("%s holds no reference values; it must hold one or more of %s,"
                            + " .gguf beside .gguf.inp and .gguf.out, -model.json beside -partials.json, or"
                            + " expected_greedy_N.txt in a model's folder")
                    .formatted(
                            folder,
                            INDEXES.keySet().stream()
                                    .map(name -> name + ".json")
                                    .sorted()
                                    .toList()));
        }
        present.forEach(name -> verify(folder, name, listener));
    }

    private static int published(Path folder, Consumer<Finding> listener) {
        try (var files = Files.list(folder)) {
            int known = 0;
            for (var file : files.sorted().toList()) {
                for (var published : PUBLISHED) {
                    if (published.form().test(file)) {
                        known++;
                        var findings = new Findings(String.valueOf(file.getFileName()), listener);
                        findings.attempt("all", () -> published.check().accept(file, findings));
                    }
                }
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be read".formatted(folder), e);
        }
    }

    private static void verify(Path folder, String name, Consumer<Finding> listener) {
        var known = Objects.requireNonNull(INDEXES.get(name));
        var index = JsonFile.read(file(folder, name));
        index.fieldNames().forEachRemaining(key -> {
            if (known.context().contains(key)) {
                return;
            }
            var findings = new Findings(name, listener);
            known.sections().stream()
                    .filter(section -> section.key().matcher(key).matches())
                    .findFirst()
                    .ifPresentOrElse(
                            section -> findings.attempt(
                                    key, () -> section.check().verify(folder, index, key, findings)),
                            () -> findings.unknown(key, "a part that can be computed again"));
        });
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + ".json");
    }
}
