package dev.gyre.llm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gyre.llm.adapter.Attachment;
import dev.gyre.llm.checkpoint.ElementType;
import dev.gyre.llm.checkpoint.JsonFile;
import dev.gyre.llm.checkpoint.TensorFile;
import dev.gyre.llm.model.Model;
import dev.gyre.llm.program.ProgramRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// One adapter as PEFT wrote it: begun, loaded, merged and written back.
record AdapterCase(
        ProgramRunner runner, Model model, Texts texts, Path folder, JsonNode wanted, Findings found) {

    /// Beginnings whose spread is measured, and how many spreads away from their mean a loss may be.
    private static final int DRAWS = 32;

    private static final double SPREADS = 4;

    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final List<String> KEYS = List.of(
            "checks",
            "at_init",
            "perturbed",
            "reload_loss_diff",
            "grad_norms",
            "tensors",
            "merged_loss",
            "orth_reg_note",
            "note");

    void verify() {
        found.onlyKnown(wanted, KEYS);
        wanted.path("checks").forEach(check -> {
            var word = check.asText();
            switch (word) {
                case "saved" -> found.attempt(word, this::saved);
                case "grad_norms" -> found.attempt(word, this::gradients);
                case "at_init" -> found.attempt(word, this::begun);
                case "merged" -> found.attempt(word, this::merged);
                default -> found.unknown(word, "a check");
            }
        });
        found.attempt("back", this::back);
    }

    private Texts.Run run(Attachment adapter) {
        return texts.run(
                runner, model, adapter.slots(), adapter.tensors(), adapter.learned(), adapter.places());
    }

    private boolean has(String check) {
        for (var each : wanted.path("checks")) {
            if (each.asText().equals(check)) {
                return true;
            }
        }
        return false;
    }

    private void saved() {
        try (var scope = runner.newScope()) {
            var adapter = model.readAdapter(scope, folder);
            run(adapter).tell(wanted.path("perturbed"), has("grad_norms"), found.at("saved"));
        }
    }

    private void gradients() {
        try (var scope = runner.newScope()) {
            var adapter = model.readAdapter(scope, folder);
            var norms = run(adapter).norms();
            var named = new LinkedHashMap<String, Double>();
            var stored = adapter.stored();
            wanted.path("grad_norms").fieldNames().forEachRemaining(name -> norms.forEach((own, norm) -> {
                if (plain(name).equals(stored.get(own))) {
                    named.put(name, norm);
                }
            }));
            found.exact("learned", norms.size(), named.size());
            found.norms(named, wanted.path("grad_norms"));
            found.exact("grad_norms/count", named.size(), wanted.path("grad_norms").size());
        }
    }

    /// A parameter's name in a running PEFT model as the name in its file: without the adapter's own name.
    private static String plain(String parameter) {
        return parameter.startsWith("prompt_encoder.")
                ? "prompt_embeddings"
                : parameter
                        .replaceFirst("\\.modules_to_save\\.[^.]+\\.", ".")
                        .replaceFirst("(\\.(lora|ia3|vera|oft|hada|lokr|ln_tuning)_[^.]+)\\.[^.]+", "$1")
                        .replaceFirst("(\\.lora_magnitude_vector)\\.weight$", "$1");
    }

    /// Begun from its configuration alone. The reference's random numbers are not ours: a loss that they reach,
    /// through a penalty on the adapter itself, must lie where ours lie; all else must be equal.
    private void begun() {
        var at = found.at("at_init");
        var wants = wanted.path("at_init");
        var first = begun(1);
        if (!first.random()) {
            at.number("loss", first.run().loss(), wants.path("loss").asDouble(), 1e-5);
            return;
        }
        at.number("logits_sum_unmasked", first.run().sum(), wants.path("logits_sum_unmasked").asDouble(), 1e-5);
        at.numbers("logits_0_last", first.run().last(), wants.path("logits_0_last"), 1e-5);
        var losses = IntStream.rangeClosed(1, DRAWS).mapToDouble(seed -> begun(seed).run().loss()).toArray();
        double mean = Arrays.stream(losses).average().orElseThrow();
        double spread = Math.sqrt(Arrays.stream(losses).map(loss -> (loss - mean) * (loss - mean)).sum() / (DRAWS - 1));
        at.number("loss", mean, wants.path("loss").asDouble(), SPREADS * spread / Math.max(1, Math.abs(mean)));
    }

    private record Begun(Texts.Run run, boolean random) {}

    private Begun begun(int seed) {
        try (var scope = runner.newScope()) {
            var adapter = Attachment.begin(runner, scope, model.base(), folder, seed);
            return new Begun(run(adapter), adapter.slots().containsKey("penalty"));
        }
    }

    private void merged() {
        if (!wanted.has("merged_loss")) {
            return;
        }
        inTemporary(target -> {
            try (var scope = runner.newScope()) {
                model.saveMerged(target, model.readAdapter(scope, folder));
            }
            try (var after = Model.open(runner, target, ElementType.F32, ElementType.F32)) {
                var run = texts.run(runner, after, Map.of(), Map.of(), Map.of("", after.tensor(after.names().getFirst())), new long[0]);
                found.number("merged_loss", run.loss(), wanted.path("merged_loss").asDouble(), 1e-5);
            }
        });
    }

    /// The loaded adapter written again is what was read.
    private void back() {
        inTemporary(target -> {
            try (var scope = runner.newScope()) {
                model.readAdapter(scope, folder).save(target);
            }
            found.exact("back/configuration", JsonFile.read(target.resolve(CONFIG)), JsonFile.read(folder.resolve(CONFIG)));
            try (var got = TensorFile.open(target.resolve(WEIGHTS));
                    var want = TensorFile.open(folder.resolve(WEIGHTS))) {
                found.exact("back/tensors", described(got), described(want));
                found.exact("tensors", shapes(got), wantedShapes());
                long equal = want.entries().values().stream()
                        .filter(entry -> got.entries().containsKey(entry.name())
                                && got.bytes(got.entries().get(entry.name())).equals(want.bytes(entry)))
                        .count();
                found.exact("back/values", equal, (long) want.entries().size());
            }
        });
    }

    private static Map<String, String> described(TensorFile file) {
        var all = new TreeMap<String, String>();
        file.entries().values().forEach(entry -> all.put(entry.name(), entry.type() + " " + entry.shape()));
        return all;
    }

    private static Map<String, String> shapes(TensorFile file) {
        var all = new TreeMap<String, String>();
        file.entries().values().forEach(entry -> all.put(entry.name(), entry.shape().toString().replace(" ", "")));
        return all;
    }

    private Map<String, String> wantedShapes() {
        var all = new TreeMap<String, String>();
        wanted.path("tensors").properties().forEach(entry -> all.put(entry.getKey(), entry.getValue().toString()));
        return all;
    }

    private interface Work {
        void in(Path target);
    }

    private static void inTemporary(Work work) {
        try {
            var target = Files.createTempDirectory("gyre-verify");
            try {
                work.in(target.resolve("written"));
            } finally {
                try (var files = Files.walk(target)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to the temporary folder", e);
        }
    }
}
